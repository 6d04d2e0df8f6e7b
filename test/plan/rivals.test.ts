import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judgeRivals, type RivalQuestion, rivalQuestions } from "../../src/plan/rivals.ts";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";
import { loadTopology } from "../../src/topology/load-topology.ts";

const file = fileOf(readFileSync(new URL("../fixtures/e2e/services.yaml", import.meta.url), "utf8"));

function fileOf(text: string) {
  const { topology } = loadTopology(text, "services.yaml", new Playbooks(kinds));
  if (topology === undefined) throw new Error("The topology is not valid.");
  return topology;
}

const [VIP4, VIP6] = ["172.16.10.10", "2001:db8:10::10"];
const onDevice = (address: string, device: string): State => ({
  address,
  prefix: address.includes(":") ? 128 : 32,
  device,
});

/** A host whose ledger has put these addresses on it; without any, it has no ledger. */
function stateOf(host: string, ...addresses: readonly State[]) {
  const entries = addresses.map((state) => ({ kind: "address", key: String(state["address"]), state }) as never);
  const ledger = addresses.length === 0 ? undefined : ({ entries } as never);
  return { host, observed: new Map(), ledger };
}

const lb = stateOf("lb", onDevice(VIP4, "eth0"), onDevice(VIP6, "eth0"));
const rs1 = stateOf("rs1", onDevice(VIP4, "lo"), onDevice(VIP6, "lo"));

describe("who asks", () => {
  it("is the holder itself by ARP, and by NDP a host on its segment that does not have the address", () => {
    expect(rivalQuestions([lb, rs1, stateOf("fw"), stateOf("client"), stateOf("inside")], kinds, file)).toEqual([
      { address: VIP4, owners: ["lb"], asker: { host: "lb", device: "eth0" } },
      { address: VIP6, owners: ["lb"], asker: { host: "inside", device: "eth0" } },
    ]);
  });

  it("is a host that leads nobody else's traffic, or else a firewall", () => {
    const asker = (...states: Parameters<typeof rivalQuestions>[0]) =>
      rivalQuestions([lb, ...states], kinds, file).find(({ address }) => address === VIP6)?.asker?.host;
    expect(asker(stateOf("fw"), stateOf("inside"))).toBe("inside");
    expect(asker(stateOf("fw"))).toBe("fw");
  });

  it("is nobody by NDP if only hosts elsewhere and those with the address are there, or without a file", () => {
    const asker = (states: Parameters<typeof rivalQuestions>[0], known?: typeof file) =>
      rivalQuestions(states, kinds, known).find(({ address }) => address === VIP6)?.asker;
    expect(asker([lb, rs1, stateOf("client")], file)).toBeUndefined();
    expect(asker([lb, rs1, stateOf("inside")])).toBeUndefined();
    expect(asker([lb, rs1, stateOf("inside")], file)).toBeDefined();
  });

  it("also asks about a VIP that is the director's own address, and not about those of other hosts", () => {
    const own = fileOf(readFileSync(new URL("../fixtures/e2e/own-address.yaml", import.meta.url), "utf8"));
    const vip = own.services[0]?.vip;
    const director = own.services[0]?.directors[0];
    const asked = rivalQuestions(
      own.hosts.map(({ name }) => stateOf(name, onDevice("127.9.9.9", "lo"))),
      kinds,
      own,
    );
    expect(vip?.ownedBy).toBe(director?.host);
    expect(asked).toContainEqual({
      address: vip?.address,
      owners: [director?.host],
      asker: { host: director?.host, device: director?.device },
    });
    const nothing = rivalQuestions(
      own.hosts.map(({ name }) => stateOf(name)),
      kinds,
      own,
    );
    expect(nothing).toEqual([]);
  });
});

describe("what the answers say", () => {
  const hardware = new Map([
    ["lb", new Map([["02:00:00:00:00:01", "eth0"]])],
    ["rs1", new Map([["02:00:00:00:00:02", "eth1"]])],
  ]);
  const question: RivalQuestion = { address: VIP6, owners: ["lb"], asker: { host: "inside", device: "eth0" } };
  const judge = (macs: readonly string[] | undefined, asked = question) =>
    judgeRivals([asked], new Map(macs ? [[asked.address, macs]] : []), hardware);

  it("is nothing where the owners alone answer", () => {
    expect(judge(["02:00:00:00:00:01"])).toEqual({ rivals: [], notes: [] });
    expect(judge([], { ...question, address: VIP4, asker: { host: "lb", device: "eth0" } })).toEqual({
      rivals: [],
      notes: [],
    });
  });

  it("is who else answers: another host, or a machine that nobody knows", () => {
    expect(judge(["02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:09"]).rivals).toEqual([
      {
        host: "lb",
        address: VIP6,
        asker: "inside",
        who: ["rs1 (on eth1, 02:00:00:00:00:02)", "a machine that is none of these hosts (02:00:00:00:00:09)"],
      },
    ]);
  });

  it("is a note where nobody answers, not even the owner, and where nobody could ask", () => {
    expect(judge([]).notes).toEqual([`${VIP6}: inside asked who holds it, and no host answered, not even lb`]);
    expect(judge(undefined).notes).toEqual([expect.stringContaining("inside has no ping that works there")]);
    expect(judge(undefined, { ...question, asker: undefined }).notes).toEqual([
      expect.stringContaining("none of the hosts here is on its segment and can ask"),
    ]);
  });
});
