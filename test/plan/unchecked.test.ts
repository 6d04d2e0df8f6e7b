/** A plan says which of its safety checks could not be carried out, and why. */
import { describe, expect, it } from "vitest";
import type { HostState } from "../../src/plan/host-state.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";
import { parseSurroundings } from "../../src/resources/surroundings.ts";

const VIP = { address: "172.16.10.10", prefix: 32, device: "eth0" };
const SERVICE = { address: "172.16.10.10", port: 80, scheduler: "rr" };
const LOGIN = "login 192.0.2.1 50022 10.0.0.2 22\nreply 192.0.2.1 via 10.0.0.1 dev eth0\nlooked\n";
const NOBODY =
  "arp eth0 172.16.10.10 ARPING 172.16.10.10 from 0.0.0.0 eth0 Sent 1 probes (1 broadcast(s)) Received 0 response(s)\n";

function resolved(kind: string, written: State) {
  const known = kinds.get(kind);
  const [state] = known?.resolve(written, { topology: "t", host: "lb1" }) ?? [];
  if (!known || !state) throw new Error(kind);
  return { kind, key: known.key(state), state, stage: "publish" as const, why: "", services: ["web"] };
}

/** What a plan warns of on a host that printed this. `foreign`: a service that somebody else has made. */
function warnings(
  printed: { readonly login?: string; readonly arp?: string; readonly vip?: typeof VIP },
  foreign = false,
  isThere = false,
) {
  const { login = LOGIN, arp = NOBODY, vip = VIP } = printed;
  const wanted = [resolved("address", vip), resolved("ipvs-service", SERVICE)];
  const outputs = new Map([
    ["login", { stdout: login, stderr: "", status: 0 }],
    ["arp", { stdout: arp, stderr: "", status: 0 }],
  ]);
  const others = foreign ? [resolved("ipvs-service", { ...SERVICE, port: 25 })] : [];
  const found = [...others, ...(isThere ? wanted : [])];
  const observed = new Map(
    [...kinds].map(([name, kind]) => {
      const own = found.filter((one) => one.kind === name);
      return [name, { ...kind.bare(), states: new Map(own.map(({ key, state }) => [key, state])) }];
    }),
  );
  const surroundings = parseSurroundings(outputs, wanted, kinds);
  const state: HostState = { host: "lb1", observed, ledger: undefined, surroundings };
  const plan = judgedPlan({ topology: "t", hosts: new Map([["lb1", wanted]]) }, new Map([["lb1", state]]), kinds, {});
  return (plan.warnings ?? []).map(({ description, message }) => `${description}: ${message}`);
}

describe("a plan warns of nothing", () => {
  it("when everything could be checked", () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({}, true)).toEqual([]);
  });

  it("that it does not change", () => {
    expect(warnings({ login: "", arp: "" }, false, true)).toEqual([]);
  });
});

describe("a plan says that it could not be checked", () => {
  it.each([
    ["arp eth0 172.16.10.10 none\n", "the host has neither arping nor ping"],
    ["arp eth0 172.16.10.10 unfit\n", "its interface is not there, or no Ethernet interface"],
    ["arp eth0 172.16.10.10 \n", "the host has no arping, and its ping could not ask"],
    ['arp eth0 172.16.10.10 arping: Interface "eth0" is down\n', 'asking failed: arping: Interface "eth0" is down'],
    ["", "the question had no result"],
  ])("who has an address, after %j", (arp, why) => {
    expect(warnings({ arp })).toEqual([
      `address 172.16.10.10/32 dev eth0: It could not be checked on lb1 whether another machine has 172.16.10.10 already, because ${why}.`,
    ]);
  });

  it("who has an IPv6 address, unless nothing can ask for it on its device", () => {
    const vip = { address: "2001:db8::10", prefix: 128, device: "eth0" };
    expect(warnings({ vip })).toEqual([
      "address 2001:db8::10/128 dev eth0: It could not be checked on lb1 whether another machine has 2001:db8::10 already, because a question by NDP would leave lb1 in its neighbours' caches.",
    ]);
    expect(warnings({ vip: { ...vip, device: "lo" } })).toEqual([]);
    expect(warnings({ vip }, false, true)).toEqual([]);
  });

  it("who manages the table, only where something is in it", () => {
    const login = LOGIN.replace("looked\n", "");
    expect(warnings({ login })).toEqual([]);
    expect(warnings({ login }, true)).toEqual([
      expect.stringMatching(/^ipvs-service: It could not be checked on lb1 whether keepalived, .*172\.16\.10\.10:25/),
    ]);
  });

  it("what would cut off the login", () => {
    expect(warnings({ login: "looked\n" })).toEqual([
      "lvsctl's login: It could not be checked on lb1 whether a change could break lvsctl's own login, because the host does not report which connection it is.",
    ]);
  });
});
