/** Lets services do what they do beside lvsctl, and looks what becomes of what is ours and what is not. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Kind, type Outcomes, outcomesOfEvents, type ServiceBeside } from "./beside.ts";
import { LabUnderTest, type Result, succeeded } from "./lab-under-test.ts";
import { expectNoChange } from "./mode-checks.ts";
import { rebootByInit } from "./reboot.ts";

/** Waits until systemd has nothing left to do. */
export const SETTLED = `until [ -z "$(systemctl list-jobs --no-legend --plain)" ]; do sleep 0.5; done`;

/** A rule that nothing matches. Not every service that deletes rules deletes chains that others have made. */
const THEIRS = "PREROUTING -d 192.0.2.254 -j RETURN";

/** Hides what follows, and if that fails shows the end of it, and which units have failed. */
const QUIETLY = `exec 3>&1 >/run/set-up 2>&1
trap '[ $? = 0 ] || { tail -n 20 /run/set-up; systemctl --failed --no-legend --plain; journalctl -n 40 --no-pager; } >&3' EXIT`;

/** Commands that make something of somebody else's, and that succeed if it, or something of ours, is there. */
const LOOKS: Readonly<Record<Kind, Readonly<Record<"make" | "theirs" | "ours", string>>>> = {
  rules: {
    make: `iptables -w -t nat -C ${THEIRS} || iptables -w -t nat -A ${THEIRS}`,
    theirs: `iptables -w -t nat -C ${THEIRS}`,
    ours: "iptables -w -S INPUT | grep LVSCTL || iptables -w -t nat -S PREROUTING | grep LVSCTL",
  },
  address: {
    make: "ip address replace 172.16.99.1/32 dev eth0",
    theirs: "ip -o address show dev eth0 to 172.16.99.1 | grep .",
    ours: "ip -o address show dev eth0 to 172.16.10.10 | grep .",
  },
  route: {
    make: "ip route replace 192.0.2.128/25 via 172.16.20.20",
    theirs: "ip route show to exact 192.0.2.128/25 | grep .",
    ours: "ip route show to exact 192.0.2.0/25 | grep .",
  },
  sysctl: {
    make: "echo 1 | tee /proc/sys/net/ipv4/conf/eth0/log_martians >/proc/sys/net/ipv4/conf/all/log_martians",
    theirs: "grep -h 1 /proc/sys/net/ipv4/conf/eth0/log_martians && grep -h 1 /proc/sys/net/ipv4/conf/all/log_martians",
    ours: "grep 1 /proc/sys/net/ipv4/conf/eth0/arp_filter && grep 1 /proc/sys/net/ipv4/ip_forward",
  },
  tunnel: {
    make: "ip link show theirs || ip tunnel add theirs mode ipip remote 172.16.20.20; ip link set theirs up; ip address replace 172.16.99.3/32 dev theirs",
    theirs: "ip -o address show dev theirs up to 172.16.99.3 | grep .",
    ours: "ip -o address show dev tunl0 up to 172.16.20.40 | grep .",
  },
  "IPVS table": {
    make: "ipvsadm -S -n | grep -e '-A -f 4242 ' || ipvsadm -A -f 4242",
    theirs: "ipvsadm -S -n | grep -e '-A -f 4242 '",
    ours: "ipvsadm -S -n | grep -e '-a -t 172.16.10.10:http -r 172.16.20.20\\|-a -t 172.16.10.10:80 -r 172.16.20.20'",
  },
  "ARP rules": {
    make: "arptables -L INPUT | grep 192.0.2.7 || arptables -A INPUT -s 192.0.2.7 -j DROP",
    theirs: "arptables -L INPUT -n | grep 192.0.2.7",
    ours: "arptables -L -n | grep 172.16.20.40",
  },
};

/** An address that no service deletes. */
const STAYS = {
  make: "ip address replace 172.16.99.2/32 dev lo",
  isThere: "ip -o address show dev lo to 172.16.99.2 | grep .",
};

/** A route of the director's, and parameters of one interface and of all. A lab has what its topology said when it was created. */
const MORE_ON_DIRECTOR = `$&    routes: [{ to: 192.0.2.0/25, via: 172.16.20.20 }]
    sysctls: { net.ipv4.ip_forward: 1, net.ipv4.conf.eth0.arp_filter: 1 }
`;

/** By a topology of its own, rs1 sends requests through tunnels, and dr takes them out. */
const TUNNEL = `services:
  tunnelled: { mode: tun, vip: 172.16.20.40, port: 81, scheduler: rr, arp: arptables, verify: none }
`;

/** A lab whose hosts have systemd, where dr has all kinds of things: of its topology, and of that for tunnels, which is applied. */
export async function besideLab(name: string, services: readonly ServiceBeside[]): Promise<LabUnderTest> {
  const packages = new Set(services.flatMap((service) => service.packages));
  const edit = (text: string) => text.replace(/^ {2}rs2:.*\n(?: {4}.*\n)*/m, "");
  const flags = ["--init", "systemd", "--packages", [...packages].join(",")];
  const lab = await LabUnderTest.up("dr.yaml", name, edit, [], flags);
  writeFileSync(lab.file, readFileSync(lab.file, "utf8").replace(/(?<=role: director\n).*\n.*\n/, MORE_ON_DIRECTOR));
  await succeeded(lab.lvsctl("apply", "--yes", "-F", lab.sshConfig, tunnelFile(lab)));
  await lab.ensureApplied();
  return lab;
}

/** Removes what the topology for tunnels has made. */
export function destroyTunnel(lab: LabUnderTest): Promise<Result> {
  return lab.lvsctl("destroy", "--yes", "-F", lab.sshConfig, tunnelFile(lab));
}

function tunnelFile(lab: LabUnderTest): string {
  return lab.variant("tunnel.yaml", (text) =>
    text
      .replace(/^name: .*/m, "$&-tun")
      .replace(/^ {4}(routes|sysctls): .*\n/gm, "")
      .replaceAll(/(?<=role: )(director|real-server)/g, (role) => (role === "director" ? "real-server" : "director"))
      .replace(/^services:\n.*/ms, TUNNEL),
  );
}

/** Does what happens to a host, and returns what became of each kind of ours; waits for what `expected` says. */
export async function outcomesOf(
  lab: LabUnderTest,
  { host, kinds, done = ":" }: ServiceBeside,
  event: string,
  expected: Outcomes,
): Promise<Outcomes> {
  const quiet = (command: string) => `{ ${command}; } >/dev/null 2>&1`;
  const each = (text: (kind: Kind, looks: (typeof LOOKS)[Kind]) => string) =>
    kinds.map((kind) => text(kind, LOOKS[kind]));
  const isAllKept = kinds.every((kind) => expected[kind] === "kept");
  const script = [
    "exec 3>&1 >/dev/null 2>&1",
    STAYS.make,
    ...each((_kind, { make, ours }) => `${make}\n${ours}`),
    // Whoever tells the service may give up before it is done: what it has deleted shows that it was told.
    isAllKept ? event : `{ ${event}; } || :`,
    done,
    ...each((kind, { theirs }) => (expected[kind] === "kept" ? ":" : `while ${quiet(theirs)}; do sleep 0.5; done`)),
    ...each((kind, { ours }) => (expected[kind] === "restored" ? `until ${quiet(ours)}; do sleep 0.5; done` : ":")),
    SETTLED,
    "exec >&3",
    ...each(
      (kind, { theirs, ours }) =>
        `if ! ${quiet(ours)}; then echo ${kind}=lost; elif ${quiet(theirs)}; then echo ${kind}=kept; else echo ${kind}=restored; fi`,
    ),
    `${quiet(STAYS.isThere)} || echo what stays elsewhere=gone`,
  ];
  const lines = (await lab.on(host, script.join("\n"))).trim().split("\n");
  return Object.fromEntries(lines.map((line) => line.split("=")));
}

/** Every event of a service has the outcome that is written down, and after all of them the services work and nothing is to be done. */
export async function expectOutcomes(lab: LabUnderTest, service: ServiceBeside): Promise<void> {
  for (const [event, expected] of outcomesOfEvents(service)) {
    expect(await outcomesOf(lab, service, event, expected), event).toEqual(expected);
    // What is lost is brought back by hand.
    if (Object.values(expected).includes("lost")) await lab.on(service.host, `systemctl restart lvsctl-${lab.name}`);
  }
  const { status, stdout } = await lab.do("verify");
  expect(status, stdout).toBe(0);
}

/** Tests that each service of a host with systemd does as it is written down, and that a restart of the host brings back everything. */
export function describeServicesBeside(services: readonly ServiceBeside[], labOf: () => LabUnderTest): void {
  describe.each(services)("$name", (service) => {
    beforeAll(async () => {
      await labOf().ensureBare();
      await labOf().on(service.host, `${QUIETLY}\n${service.setUp}\n${SETTLED}`);
      await labOf().ensureApplied();
    });

    afterAll(() => labOf()?.on(service.host, `exec >/dev/null 2>&1; ${service.tearDown}; ${SETTLED}`));

    it("does to what is ours as docs/hosts.md says, and the service works afterwards", async () => {
      await expectOutcomes(labOf(), service);
      await expectNoChange(labOf());
    });

    it("and what is ours both come back when the host is restarted", async () => {
      const lab = labOf();
      await rebootByInit("systemd", lab, service.host);
      const areThere = [SETTLED, ...service.kinds.map((kind) => LOOKS[kind].ours), service.isLoaded ?? ":"];
      await lab.on(service.host, areThere.join("\n"));
      expect(await lab.on("dr", "ip -o address show to 172.16.10.10")).toContain("172.16.10.10");
      expect(await lab.on("dr", "ip -o address show dev eth0")).toContain("172.16.20.10/24");
      const { status, stdout } = await lab.do("verify");
      expect(status, stdout).toBe(0);
    });
  });
}
