/** The kinds that need a kernel with IPVS, on one host of a lab; and netfilter where nf_tables does not work. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { labUp } from "../../src/lab/lab.ts";
import { labDown } from "../../src/lab/lab-down.ts";
import { iptablesRule } from "../../src/resources/iptables/iptables-rule.ts";
import { ipvsDestination } from "../../src/resources/ipvs-destination.ts";
import { ipvsService } from "../../src/resources/ipvs-service.ts";
import { kernelModule } from "../../src/resources/kernel-module.ts";
import { inverse, type ResourceKind, type State } from "../../src/resources/resource.ts";
import type { ShellCommand } from "../../src/shell/quote.ts";
import { connect } from "../../src/transport/connect.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { drTopology } from "../helpers/dr-topology.ts";
import { changesTo, make, statesOf, type TrialHost, thereAndBack } from "../resources/there-and-back.ts";
import { context } from "../resources/throw-away-host.ts";

const topology = { ...drTopology, name: "e2e-kinds", hosts: drTopology.hosts.filter(({ name }) => name === "dr") };
const MODULES = "veth|overlay|ip_vs";
const TABLE = "ipvsadm -S -n; ipvsadm -L -n --thresholds";

const vip = { address: "172.16.10.10", port: 80 };
const services: readonly State[] = [
  { ...vip, scheduler: "rr" },
  {
    address: "172.16.10.11",
    port: 443,
    scheduler: "sh",
    schedulerFlags: ["sh-port", "sh-fallback"],
    persistence: { timeout: 360, netmask: "255.255.255.0" },
  },
  { address: "172.16.10.10", port: 0, protocol: "udp", scheduler: "rr", persistence: { timeout: 600 } },
  { address: "172.16.10.12", port: 514, protocol: "udp", scheduler: "wrr", onePacket: true },
  { address: "172.16.10.10", port: 99, protocol: "sctp", scheduler: "mh", schedulerFlags: ["mh-port"] },
  { address: "fd00::10", port: 80, scheduler: "lc", persistence: { timeout: 360, netmask: 64 } },
  { fwmark: 17, scheduler: "wlc" },
  { fwmark: 18, family: 6, scheduler: "rr" },
];
const realServers: readonly State[] = [
  { service: vip, address: "172.16.20.20", method: "dr", weight: 3, upperThreshold: 20000, lowerThreshold: 15000 },
  { service: vip, address: "172.16.20.30", method: "dr", weight: 0 },
  { service: { address: "172.16.10.11", port: 443 }, address: "172.16.20.20", port: 8443, method: "nat" },
  { service: { address: "172.16.10.11", port: 443 }, address: "172.16.20.30", method: "tun", tunnel: { type: "ipip" } },
  {
    service: { address: "172.16.10.11", port: 443 },
    address: "172.16.20.40",
    method: "tun",
    tunnel: { type: "gue", port: 6080 },
  },
  {
    service: { address: "172.16.10.11", port: 443 },
    address: "172.16.20.41",
    method: "tun",
    tunnel: { type: "gre", checksum: "checksum" },
  },
  { service: { address: "fd00::10", port: 80 }, address: "fd00::21", method: "dr", upperThreshold: 10 },
  { service: { fwmark: 17 }, address: "172.16.20.20", port: 80, method: "dr" },
  { service: { fwmark: 18, family: 6 }, address: "fd00::21", method: "nat", port: 8080 },
];

let transport: Transport;
let host: TrialHost;

beforeAll(async () => {
  const lab = await labUp(topology, {});
  transport = await connect("dr", { destination: "dr" }, { sshConfig: lab.sshConfig });
  host = {
    run: (script) => transport.run(`export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C\n${script}` as ShellCommand),
    observe: async (kind, states) => kind.parse(await transport.read(kind.read(states, context)), states, context),
  };
});

afterAll(async () => {
  await transport?.close();
  await labDown(topology.name);
});

describe("before anything is loaded", () => {
  beforeEach(() => host.run("ipvsadm -C; rmmod $(cut -d ' ' -f 1 /proc/modules | grep '^ip_vs_'); rmmod ip_vs"));

  test("reading the IPVS table does not load ip_vs", async () => {
    const observed = await host.observe(ipvsService, statesOf(ipvsService, services));
    expect(observed.states.size).toBe(0);
    expect(observed.detail.hasProgram).toBe(true);
    expect((await host.run("ls /proc/net/ip_vs")).status).not.toBe(0);
  });

  test("modules are loaded, and unloaded where nobody uses them", async () => {
    const written = [
      { name: "ip_vs" },
      { name: "ip_vs_sh" },
      { name: "ip_vs_wrr" },
      { name: "ip_vs_twos", optional: true },
    ];
    await thereAndBack(host, kernelModule, written, `cut -d ' ' -f 1 /proc/modules | grep -E '^(${MODULES})' | sort`);
  });

  test("a module that the kernel does not have is a problem, before anything is tried", async () => {
    const [state] = statesOf(kernelModule, [{ name: "ip_vs_twos" }]);
    if (!state) throw new Error("no state");
    const observed = await host.observe(kernelModule, [state]);
    expect(kernelModule.problem?.(state, observed, false)?.message).toMatch(
      /ip_vs_twos is not loaded, and the kernel 6\.\S+ has none/,
    );
  });
});

describe("with ip_vs", () => {
  beforeEach(async () => {
    await host.run("modprobe -a ip_vs ip_vs_rr; ipvsadm -C");
    await host.run("ipvsadm -A -t 172.16.20.10:9999 -s rr && ipvsadm -a -t 172.16.20.10:9999 -r 172.16.20.20 -g -w 7");
  });

  /** The kind's resources are there. */
  async function ensure<S extends State, D>(kind: ResourceKind<S, D>, written: readonly State[]): Promise<void> {
    const desired = statesOf(kind, written);
    const before = await host.observe(kind, desired);
    await make(host, kind, changesTo(kind, desired, before), before);
  }

  test("services of every form, beside somebody's", async () => {
    await thereAndBack(host, ipvsService, services, TABLE);
    await thereAndBack(host, ipvsService, services.slice(0, 2), TABLE);
  });

  test("real servers of every form", async () => {
    await ensure(ipvsService, services);
    await thereAndBack(host, ipvsDestination, realServers, TABLE);
    await thereAndBack(host, ipvsDestination, realServers.slice(0, 3), TABLE);
  });

  test("settings change in place", async () => {
    await ensure(ipvsService, services);
    await ensure(ipvsDestination, realServers);
    await thereAndBack(
      host,
      ipvsService,
      services.slice(0, 6).map((service) => ({ ...service, scheduler: "wlc", schedulerFlags: [] })),
      TABLE,
    );
    const others = realServers.map((one) => ({ ...one, weight: 9, upperThreshold: 50, lowerThreshold: 40 }));
    await thereAndBack(host, ipvsDestination, others, TABLE);
    await thereAndBack(
      host,
      ipvsDestination,
      others.slice(0, 2).map((one) => ({ ...one, method: "tun" })),
      TABLE,
    );
  });

  test("1,000 real servers are read and changed in one exec each", async () => {
    await ensure(ipvsService, services);
    const many = Array.from({ length: 1000 }, (_, n) => ({
      service: vip,
      address: `10.1.${n >> 8}.${n & 255}`,
      method: "dr",
      weight: n,
    }));
    const desired = statesOf(ipvsDestination, many);
    const before = await host.observe(ipvsDestination, desired);
    const changes = changesTo(ipvsDestination, desired, before);
    const { execs } = transport;
    await make(host, ipvsDestination, changes, before);
    expect(changesTo(ipvsDestination, desired, await host.observe(ipvsDestination, desired))).toEqual([]);
    expect(transport.execs - execs).toBe(2);
    await make(host, ipvsDestination, changes.map((change) => inverse(ipvsDestination, change)).reverse(), before);
  });

  test("a line that fails in the middle of many fails the step", async () => {
    await ensure(ipvsService, services);
    const desired = statesOf(ipvsDestination, [
      ...["10.2.0.1", "10.2.0.2"].map((address) => ({ service: vip, address, method: "dr" })),
      { service: { address: "172.16.10.99", port: 80 }, address: "10.2.0.3", method: "dr" },
      ...["10.2.0.4", "10.2.0.5"].map((address) => ({ service: vip, address, method: "dr" })),
    ]);
    const before = await host.observe(ipvsDestination, desired);
    const [step] = ipvsDestination.commands(changesTo(ipvsDestination, desired, before), before, context);
    expect(await host.run(step?.script ?? "")).toMatchObject({ status: 1, stderr: "Service not defined\n" });
  });
});

describe("netfilter", () => {
  const corpus = parse(
    readFileSync(new URL("../fixtures/lvs/iptables-rules.yaml", import.meta.url), "utf8"),
  ) as readonly { readonly needs?: string; readonly rule: string; readonly table: string; readonly chain: string }[];
  /** The others are tried elsewhere; some of them would end our own connection. */
  const rules = corpus
    .filter(({ needs }) => needs !== undefined)
    .map(({ needs: _needs, rule, ...rest }) => ({ ...rest, rule: rule.split(" ") }));
  const dump = "for program in iptables ip6tables; do $program-legacy-save | grep -e '^-A' -e ' - '; done; true";

  test("rules that need IPVS and SYNPROXY", async () => {
    await thereAndBack(host, iptablesRule, rules, dump);
  });

  test("where nf_tables is the default and this kernel has none, legacy stands in", async () => {
    const programs = ["iptables", "iptables-save", "iptables-restore"];
    const link = (variant: string) =>
      programs
        .map((name) => `ln -sf /usr/sbin/${name.replace("iptables", `iptables-${variant}`)} /etc/alternatives/${name}`)
        .join(" && ");
    expect(await host.run(`${link("nft")} && iptables --version | grep nf_tables`)).toMatchObject({ status: 0 });
    const desired = statesOf(iptablesRule, rules.slice(0, 2));
    const before = await host.observe(iptablesRule, desired);
    expect(before.detail.backends.get(4)).toMatchObject({
      restore: "iptables-restore",
      fallback: "iptables-legacy-restore",
    });

    const changes = changesTo(iptablesRule, desired, before);
    const script = (steps: ReturnType<typeof iptablesRule.commands>) => steps.map((step) => step.script).join("\n");
    expect((await host.run(script(iptablesRule.commands(changes, before, context)))).status).toBe(0);
    const after = await host.observe(iptablesRule, desired);
    expect(after.detail.backends.get(4)?.restore).toBe("iptables-legacy-restore");
    expect(changesTo(iptablesRule, desired, after)).toEqual([]);

    const back = changes.map((change) => inverse(iptablesRule, change)).reverse();
    expect((await host.run(script(iptablesRule.commands(back, before, context)))).status).toBe(0);
    expect((await host.observe(iptablesRule, desired)).states.size).toBe(0);
    await host.run(link("legacy"));
  });
});
