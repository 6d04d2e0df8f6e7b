/** Kernel parameters that set another one on every interface: what the interfaces had comes back, on this kernel. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatLedger } from "../../src/ledger/ledger.ts";
import { trustedLedger } from "../../src/ledger/ledger-files.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { joinParts } from "../../src/resources/network.ts";
import { sysctl } from "../../src/resources/sysctl.ts";
import type { SysctlState } from "../../src/resources/sysctl-state.ts";
import { changesTo, make, statesOf } from "./there-and-back.ts";
import { context, type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

/** iproute2, also on a host whose own `ip` is BusyBox'. */
const IP = "/usr/bin/ip";
const SET_UP = `set -e
${IP} link add eth0 type veth peer name x0
${IP} link add eth0.100 type veth peer name x1`;
const ACK = { status: 0, stderr: "" };

/** The switch, the parameter that it sets, and where that is. */
const SWITCHES = [
  ["net.ipv4.ip_forward", "forwarding", "net.ipv4.conf"],
  ["net.ipv6.conf.all.forwarding", "forwarding", "net.ipv6.conf"],
  ["net.ipv6.conf.all.disable_ipv6", "disable_ipv6", "net.ipv6.conf"],
] as const;
/** What the switch had, what it gets, and what others have set beside it. */
const WAYS = [
  ["on", "0", "1"],
  ["off", "1", "0"],
] as const;
const cases = SWITCHES.flatMap((one) => WAYS.map((way) => [way[0], ...one, way[1], way[2]] as const));

/** What lvsctl finds in its ledger later of what it has found now. */
function fromLedger(original: SysctlState, state: SysctlState): SysctlState {
  const entry = { kind: "sysctl", key: state.key, stage: "publish" as const, state, original };
  const text = formatLedger({ ...context, entries: [entry] });
  const file = { topology: context.topology, text, exposure: undefined, version: "1:1:1" };
  const [read] = trustedLedger(file, context.host, kinds).entries;
  return read?.original as unknown as SysctlState;
}

describe.each(["gnu", "busybox"] as const)("with %s tools", (tools) => {
  let host: ThrowAwayHost;
  beforeEach(async () => {
    host = await throwAwayHost(tools);
    expect(await host.run(SET_UP)).toMatchObject(ACK);
  });
  afterEach(() => host.end());

  async function run(script: string): Promise<string> {
    const { stdout, ...ended } = await host.run(script);
    expect(ended).toMatchObject(ACK);
    return stdout;
  }

  /** The switch as it is found, set by lvsctl, and what else it finds then. */
  async function thrown(key: string, value: string) {
    const [after] = statesOf(sysctl, [{ key, value }]);
    const observed = await host.observe(sysctl, after ? [after] : []);
    const before = after && observed.states.get(key);
    if (!after || !before) throw new Error(key);
    expect(await host.apply(sysctl, { before, after }, observed)).toMatchObject(ACK);
    const back = async (original = before) =>
      host.apply(sysctl, { before: after, after: original }, await host.observe(sysctl, [after]));
    return { before, after, back };
  }

  const path = (folder: string, device: string, name: string) =>
    `/proc/sys/${folder.replaceAll(".", "/")}/${device}/${name}`;
  const shown = (folder: string, name: string) => run(`grep -H '' ${path(folder, "*", name)}`);

  test.each(cases)("%s: %s, and each interface has its %s of %s again", async (_way, key, name, folder, was, will) => {
    const at = (device: string) => path(folder, device, name);
    await run(`echo ${was} >${at("all")}; for at in ${at("eth0.100")} ${at("default")}; do echo ${will} >$at; done`);
    const before = await shown(folder, name);
    const { before: found, after, back } = await thrown(key, will);
    expect(found.interfaces).toEqual([
      { key: `${folder}.default.${name}`, value: will },
      { key: `${folder}.eth0/100.${name}`, value: will },
    ]);
    const set = await shown(folder, name);
    expect(new Set([...set.matchAll(/:(\d)$/gm)].map(([, value]) => value))).toEqual(new Set([will]));
    expect(await back(fromLedger(found, after))).toMatchObject(ACK);
    expect(await shown(folder, name)).toBe(before);
    // A second time, as after an undo that was interrupted.
    expect(await back(fromLedger(found, after))).toMatchObject(ACK);
    expect(await shown(folder, name)).toBe(before);
  });

  test.each(SWITCHES)("%s: where every interface is like it, nothing else is recorded", async (key) => {
    const { before } = await thrown(key, "1");
    expect(before).not.toHaveProperty("interfaces");
  });

  test("an interface that is gone is passed over, a new one is the kernel's", async () => {
    const forwarding = (device: string) => path("net.ipv4.conf", device, "forwarding");
    await run(`echo 1 >${forwarding("eth0")}; echo 1 >${forwarding("eth0.100")}`);
    const { back } = await thrown("net.ipv4.ip_forward", "1");
    await run(`${IP} link del eth0.100; ${IP} link add new0 type veth peer name x2`);
    expect(await back()).toMatchObject(ACK);
    const after = await shown("net.ipv4.conf", "forwarding");
    expect(after).toContain(`${forwarding("eth0")}:1\n`);
    expect(after).toContain(`${forwarding("new0")}:0\n`);
    expect(after).not.toContain("eth0.100");
  });

  test.each(SWITCHES)(
    "%s: at boot it is set where it is not, and else no interface is touched",
    async (key, name, folder) => {
      const at = (device: string) => path(folder, device, name);
      const [state] = statesOf(sysctl, [{ key, value: "1" }]);
      if (!state) throw new Error(key);
      const steps = sysctl.atBoot?.([state], sysctl.bare(), context) ?? [];
      const atBoot = () => run(steps.map(({ script }) => `(\nset -e\n${script}\n)`).join("\n"));
      await run(`echo 0 >${at("all")}`);
      await atBoot();
      expect(await run(`cat ${at("all")} ${at("eth0.100")}`)).toBe("1\n1\n");
      await run(`echo 0 >${at("eth0.100")}`);
      await atBoot();
      expect(await run(`cat ${at("all")} ${at("eth0.100")}`)).toBe("1\n0\n");
    },
  );

  test("redirects that the same topology accepts are accepted after forwarding was turned on, and at boot", async () => {
    const REDIRECTS = "/proc/sys/net/ipv4/conf/all/accept_redirects";
    const written = [
      { key: "net.ipv4.conf.all.accept_redirects", value: "1" },
      { key: "net.ipv4.ip_forward", value: "1" },
    ];
    const states = statesOf(sysctl, written);
    for (const found of ["0", "1"]) {
      await run(`echo 0 >/proc/sys/net/ipv4/ip_forward; echo ${found} >${REDIRECTS}`);
      const before = await host.observe(sysctl, states);
      const changes = changesTo(sysctl, states, before);
      await make(host, sysctl, changes, before);
      expect(await run(`cat ${REDIRECTS} /proc/sys/net/ipv4/ip_forward`)).toBe("1\n1\n");
      const undone = changes.map((change) => ({ ...change, before: change.after, after: change.before })).reverse();
      await make(host, sysctl, undone, before);
      expect(await run(`cat ${REDIRECTS} /proc/sys/net/ipv4/ip_forward`)).toBe(`${found}\n0\n`);
    }
    await run(`echo 0 >${REDIRECTS}`);
    const steps = sysctl.atBoot?.(states, sysctl.bare(), context) ?? [];
    await run(steps.map(({ script }) => `(\nset -e\n${script}\n)`).join("\n"));
    expect(await run(`cat ${REDIRECTS} /proc/sys/net/ipv4/ip_forward`)).toBe("1\n1\n");
  });

  test.each([
    ["1", "0", ["eth0.100"]],
    ["0", "0", []],
    ["1", "1", []],
  ])(
    "with IPv6 off for all (%s) and an interface at %s, a plan that turns it on names whose addresses an undo deletes: %j",
    async (all, single, named) => {
      await run(
        `echo ${all} >${path("net.ipv6.conf", "all", "disable_ipv6")}; echo ${single} >${path("net.ipv6.conf", "eth0.100", "disable_ipv6")}`,
      );
      const [state] = statesOf(sysctl, [{ key: "net.ipv6.conf.all.disable_ipv6", value: "0" }]);
      if (!state) throw new Error("no state");
      const observed = await host.observe(sysctl, [state]);
      const told =
        sysctl.caveats?.(state, observed, { states: [state], network: joinParts([]), isBroughtBack: false }) ?? [];
      expect(told.map(({ message }) => / routes of (\S+),/.exec(message)?.[1])).toEqual(named);
      // That is what the kernel does.
      await run(
        `${IP} link set eth0.100 up; ${IP} link set x1 up; ${IP} address replace 2001:db8::1/64 dev eth0.100 nodad 2>/dev/null || :`,
      );
      const { after, back } = await thrown(state.key, "0");
      expect(after.value).toBe("0");
      if (named.length > 0) {
        expect(await run(`${IP} -6 address show dev eth0.100 scope global`)).toContain("2001:db8::1/64");
        await back(observed.states.get(state.key));
        expect(await run(`${IP} -6 address show dev eth0.100 scope global`)).toBe("");
      }
    },
  );

  test("what somebody has set since on an interface stays", async () => {
    const forwarding = (device: string) => path("net.ipv4.conf", device, "forwarding");
    await run(`echo 1 >${forwarding("eth0")}; echo 1 >${forwarding("eth0.100")}`);
    const { back } = await thrown("net.ipv4.ip_forward", "1");
    await run(`echo 0 >${forwarding("eth0")}`);
    expect(await back()).toMatchObject(ACK);
    expect(await run(`cat ${forwarding("eth0")} ${forwarding("eth0.100")}`)).toBe("0\n1\n");
  });

  test("what an older lvsctl has recorded comes back without the interfaces", async () => {
    const forwarding = path("net.ipv4.conf", "eth0", "forwarding");
    await run(`echo 1 >${forwarding}`);
    const { before, after, back } = await thrown("net.ipv4.ip_forward", "1");
    const { interfaces: _, ...older } = before;
    expect(await back(fromLedger(older, after))).toMatchObject(ACK);
    expect(await run(`cat /proc/sys/net/ipv4/ip_forward ${forwarding}`)).toBe("0\n0\n");
  });

  test("an interface's parameter that lvsctl deals with itself is left to its own change", async () => {
    const [own, all] = statesOf(sysctl, [
      { key: "net.ipv4.conf.eth0.forwarding", value: 0 },
      { key: "net.ipv4.ip_forward", value: 1 },
    ]);
    if (!own || !all) throw new Error("no states");
    await run(`echo 1 >${path("net.ipv4.conf", "eth0", "forwarding")}`);
    const observed = await host.observe(sysctl, [own, all]);
    const change = (state: SysctlState) => ({ before: observed.states.get(state.key), after: state });
    expect(await host.apply(sysctl, change(own), observed)).toMatchObject(ACK);
    expect(await host.apply(sysctl, change(all), observed)).toMatchObject(ACK);
    expect(await run(`cat ${path("net.ipv4.conf", "eth0", "forwarding")}`)).toBe("0\n");
    // Another topology needs it, and the switch goes alone.
    const before = observed.states.get(all.key);
    expect(await host.apply(sysctl, { before: all, after: before }, observed)).toMatchObject(ACK);
    expect(await run(`cat ${path("net.ipv4.conf", "eth0", "forwarding")}`)).toBe("0\n");
  });
});
