/** Lets services do what they do beside lvsctl, and looks what becomes of what is ours and what is not. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome, ServiceBeside } from "./beside.ts";
import type { LabUnderTest } from "./lab-under-test.ts";
import { expectNoChange } from "./mode-checks.ts";
import { rebootByInit } from "./reboot.ts";

/** Waits until systemd has nothing left to do. */
export const SETTLED = `until [ -z "$(systemctl list-jobs --no-legend --plain)" ]; do sleep 0.5; done`;

/** A rule that nothing matches. Not every service that deletes rules deletes chains that others have made. */
const THEIRS = "PREROUTING -d 192.0.2.254 -j RETURN";

/** Hides what follows, and if that fails shows the end of it, and which units have failed. */
const QUIETLY = `exec 3>&1 >/run/set-up 2>&1
trap '[ $? = 0 ] || { tail -n 20 /run/set-up; systemctl --failed --no-legend --plain; journalctl -n 40 --no-pager; } >&3' EXIT`;

/**
 * Commands that make something of somebody else's, and that succeed if it, or something of ours, is there. `stays`: and if what no
 * service deletes is there.
 */
const LOOKS = {
  rules: {
    make: `iptables -w -t nat -C ${THEIRS} || iptables -w -t nat -A ${THEIRS}`,
    theirs: `iptables -w -t nat -C ${THEIRS}`,
    ours: "iptables -w -t nat -S PREROUTING | grep LVSCTL",
    stays: ":",
  },
  address: {
    make: "ip address replace 172.16.99.1/32 dev eth0; ip address replace 172.16.99.2/32 dev lo",
    theirs: "ip -o address show dev eth0 to 172.16.99.1 | grep .",
    ours: "ip -o address show dev eth0 to 172.16.10.10 | grep .",
    stays: "ip -o address show dev lo to 172.16.99.2 | grep .",
  },
} as const;

/** Does what happens to a host, and returns what became of ours; waits for it if `expected` says that it comes. */
export async function outcomeOf(
  lab: LabUnderTest,
  { host, ours: sort, done = ":" }: ServiceBeside,
  event: string,
  expected: Outcome,
): Promise<Outcome> {
  const { make, theirs, ours, stays } = LOOKS[sort];
  const quiet = (command: string) => `{ ${command}; } >/dev/null 2>&1`;
  const deleted = `while ${quiet(theirs)}; do sleep 0.5; done`;
  const back = `until ${quiet(ours)}; do sleep 0.5; done`;
  const script = [
    `exec 3>&1 >/dev/null 2>&1`,
    make,
    ours,
    // Whoever tells the service may give up before it is done: what it has deleted shows that it was told.
    expected === "kept" ? event : `{ ${event}; } || :`,
    done,
    ...(expected === "kept" ? [] : [deleted]),
    ...(expected === "restored" ? [back] : []),
    SETTLED,
    `if ${quiet(ours)}; then if ${quiet(theirs)}; then echo kept; else echo restored; fi; else echo lost; fi >&3`,
    `${quiet(stays)} || echo and what stays elsewhere is gone >&3`,
  ];
  return (await lab.on(host, script.join("\n"))).trim() as Outcome;
}

/** Every event of a service has the outcome that is written down, and after all of them the services work and nothing is to be done. */
export async function expectOutcomes(lab: LabUnderTest, service: ServiceBeside): Promise<void> {
  for (const [event, expected] of Object.entries(service.events)) {
    expect(await outcomeOf(lab, service, event, expected), event).toBe(expected);
    // What is lost is brought back by hand.
    if (expected === "lost") await lab.on(service.host, `systemctl restart lvsctl-${lab.name}`);
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
      const areThere = [SETTLED, LOOKS[service.ours].ours, service.isLoaded ?? ":"];
      await lab.on(service.host, areThere.join("\n"));
      expect(await lab.on("dr", "ip -o address show to 172.16.10.10")).toContain("172.16.10.10");
      expect(await lab.on("dr", "ip -o address show dev eth0")).toContain("172.16.20.10/24");
      const { status, stdout } = await lab.do("verify");
      expect(status, stdout).toBe(0);
    });
  });
}
