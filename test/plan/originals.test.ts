/** What a plan restores where lvsctl's own earlier change was what it had found. */
import { describe, expect, test } from "vitest";
import { bareHost } from "../../src/plan/bare-host.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { sysctl } from "../../src/resources/sysctl.ts";
import type { SysctlState } from "../../src/resources/sysctl-state.ts";

type Entry = readonly [key: string, value: string, original: Omit<SysctlState, "key">];

const SWITCH = "net.ipv4.ip_forward";
const ETH0 = "net.ipv4.conf.eth0.forwarding";
const REDIRECTS = "net.ipv4.conf.all.accept_redirects";
/** ip_forward was off, and on in two interfaces; eth0 and accept_redirects were recorded later. */
const thrown: Entry = [
  SWITCH,
  "1",
  {
    value: "0",
    interfaces: [{ key: "net.ipv4.conf.eth1.forwarding", value: "1" }],
    companion: { key: REDIRECTS, value: "1" },
  },
];
const eth = (device: string): Entry => [`net.ipv4.conf.${device}.forwarding`, "0", { value: "1" }];
const redirects: Entry = [REDIRECTS, "1", { value: "0" }];

/** What each parameter goes back to in a plan that asks for these, on a host whose ledger has these entries, as set. */
function restored(entries: readonly Entry[], wanted: readonly string[] = [], others: HostState["others"] = []) {
  const resources = entries.map(([key, value, original]) => {
    return {
      kind: "sysctl",
      key,
      stage: "base-network" as const,
      state: { key, value },
      original: { key, ...original },
    };
  });
  const states = new Map(resources.map(({ key, state }) => [key, state]));
  const state: HostState = {
    ...bareHost("h", kinds),
    observed: new Map([["sysctl", { ...sysctl.bare(), states }]]),
    ledger: { topology: "t", host: "h", entries: resources },
    others,
  };
  const desired = resources.filter(({ key }) => wanted.includes(key)).map((one) => ({ ...one, why: "", services: [] }));
  const plan = makePlan({ topology: "t", hosts: new Map([["h", desired]]) }, new Map([["h", state]]), kinds);
  const cleared = (plan.hosts.get("h") ?? []).filter(({ phase }) => phase === "clear");
  return Object.fromEntries(cleared.map(({ key, action, after }) => [key, `${action} ${after?.["value"]}`]));
}

describe("an interface's forwarding that was recorded while ip_forward was lvsctl's", () => {
  test("goes back to what it had before ip_forward, along with it", () => {
    expect(restored([thrown, eth("eth0")])).toEqual({ [ETH0]: "none 0", [SWITCH]: "update 0" });
  });

  test("or by itself, if that differed", () => {
    expect(restored([thrown, eth("eth1")])).toMatchObject({ "net.ipv4.conf.eth1.forwarding": "update 1" });
  });

  test("goes back to what ip_forward gives it, as long as that stays", () => {
    expect(restored([thrown, eth("eth0")], [SWITCH])).toEqual({ [ETH0]: "update 1" });
  });

  test("the same where another topology needs ip_forward", () => {
    const [key, value, original] = thrown;
    const entry = { kind: "sysctl", key, stage: "base-network" as const, state: { key, value } };
    const others = [{ topology: "u", host: "h", entries: [{ ...entry, original: { key, ...original } }] }];
    expect(restored([thrown, eth("eth0")], [], others)).toEqual({ [ETH0]: "update 1", [SWITCH]: "none 1" });
  });

  test("goes back to what was recorded, if that was before ip_forward", () => {
    expect(restored([eth("eth0"), thrown])).toMatchObject({ [ETH0]: "update 1" });
  });
});

test("redirects that ip_forward had turned off are accepted again after both", () => {
  expect(restored([thrown, redirects])).toEqual({ [REDIRECTS]: "none 1", [SWITCH]: "update 0" });
  expect(restored([redirects, thrown])).toMatchObject({ [REDIRECTS]: "update 0" });
});

test("a parameter that no switch sets goes back to what was recorded", () => {
  const other: Entry = ["net.ipv4.conf.eth0.arp_ignore", "1", { value: "0" }];
  expect(restored([thrown, other])).toMatchObject({ "net.ipv4.conf.eth0.arp_ignore": "update 0" });
});
