/** Who else is at work where a plan is going to. */
import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { judgedPlan } from "../../src/plan/judged-plan.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";
import { parseSurroundings, type Surroundings } from "../../src/resources/surroundings.ts";

type Written = readonly [kind: string, state: State];

interface Given {
  readonly wanted?: readonly Written[];
  readonly found?: readonly Written[];
  readonly around?: Partial<Surroundings>;
  readonly entries?: readonly LedgerEntry[];
  readonly others?: HostState["others"];
}

const context = { topology: "t", host: "h" };
const NOBODY = parseSurroundings(new Map());

function resolve([kind, written]: Written) {
  const known = kinds.get(kind);
  if (!known) throw new Error(kind);
  return known.resolve(written, context).map((state) => ({ kind, key: known.key(state), state }));
}

function problems(given: Readonly<Record<string, Given>>, isAdopting = false) {
  const desired = new Map(
    Object.entries(given).map(([host, { wanted = [] }]) => [
      host,
      wanted.flatMap(resolve).map((one) => ({ ...one, stage: "publish" as const, why: "", services: ["web"] })),
    ]),
  );
  const states = new Map(
    Object.entries(given).map(([host, { found = [], around, entries = [], others = [] }]): [string, HostState] => {
      const details: Record<string, unknown> = {
        address: { devices: ["lo", "eth0"], addresses: [] },
        "ipvs-service": { hasProgram: true, services: [], thresholds: new Map() },
        "arptables-rule": { program: "arptables" },
      };
      const observed = new Map(
        [...kinds.keys()].map((kind) => {
          const all = found.flatMap(resolve).filter((one) => one.kind === kind);
          return [kind, { states: new Map(all.map(({ key, state }) => [key, state])), detail: details[kind] }];
        }),
      );
      const surroundings = { ...NOBODY, ...around };
      return [host, { host, observed, surroundings, others, ledger: { topology: "t", host, entries } }];
    }),
  );
  return judgedPlan({ topology: "t", hosts: desired }, states, kinds, { adopt: isAdopting }).problems;
}

const service = (port: number): Written => ["ipvs-service", { address: "172.16.10.10", port, scheduler: "rr" }];
const entryOf = (written: Written): readonly LedgerEntry[] =>
  resolve(written).map((one) => ({ ...one, stage: "virtual-service", original: null }));
const keepalived = { programs: [{ name: "keepalived", process: 812 }] };

describe("a program that manages the IPVS table", () => {
  it("stops the plan where the table holds something of its own, and is named", () => {
    const [problem, ...more] = problems({ lb: { wanted: [service(80)], found: [service(25)], around: keepalived } });
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ host: "lb", description: "IPVS table" });
    expect(problem?.message).toContain("keepalived (process 812) runs here, and the table holds tcp 172.16.10.10:25,");
    expect(problem?.hint).toContain("systemctl disable --now keepalived");
  });

  it("is not taken over", () => {
    expect(problems({ lb: { wanted: [service(80)], found: [service(25)], around: keepalived } }, true)).toHaveLength(1);
  });

  it.each([
    ["it has put nothing there: keepalived for VRRP alone", { wanted: [service(80)], around: keepalived }],
    [
      "all that is there is ours",
      { wanted: [service(80)], found: [service(80)], entries: entryOf(service(80)), around: keepalived },
    ],
    [
      "all that is there is another topology's",
      {
        wanted: [service(80)],
        found: [service(25)],
        others: [{ topology: "mail", host: "lb", entries: entryOf(service(25)) }],
        around: keepalived,
      },
    ],
    ["it is not running", { wanted: [service(80)], found: [service(25)] }],
    ["the plan takes things away only", { found: [service(25)], entries: entryOf(service(25)), around: keepalived }],
  ] satisfies [string, Given][])("is in nobody's way where %s", (_about, lb) => {
    expect(problems({ lb })).toEqual([]);
  });
});

describe("another machine answers for the VIP", () => {
  const MAC = "02:00:00:00:03:01";
  const vip = (device: string): Written => ["address", { address: "172.16.10.10", prefix: 32, device }];
  const arpIgnore = (value: number): Written => ["sysctl", { key: "net.ipv4.conf.all.arp_ignore", value }];
  const answered = { answered: new Map([["172.16.10.10", MAC]]) };
  const lb: Given = { wanted: [vip("eth0")], around: answered };
  const at = { hardware: new Map([[MAC, "eth0"]]) };

  it("an unknown machine: its MAC address is shown", () => {
    const [problem] = problems({ lb, rs1: {} });
    expect(problem).toMatchObject({ host: "lb", description: "address 172.16.10.10/32 dev eth0" });
    expect(problem?.message).toContain(
      `none of these hosts answers ARP requests for 172.16.10.10 already: its MAC address is ${MAC}`,
    );
  });

  it("an unknown machine whose MAC address is not known", () => {
    const around = { answered: new Map([["172.16.10.10", undefined]]) };
    expect(problems({ lb: { ...lb, around } })[0]?.message).toContain("its MAC address is not known");
  });

  it("a host of the topology that has the address: it is named, and how to remove it", () => {
    const [problem] = problems({ lb, web9: { found: [vip("eth0")], around: at } });
    expect(problem?.message).toContain(
      `web9 answers ARP requests for 172.16.10.10 already, on eth0 (${MAC}): it has the address on eth0.`,
    );
    expect(problem?.hint).toContain("ip address del 172.16.10.10/32 dev eth0");
  });

  it("a real server that is not silent, and which nobody silences", () => {
    const [problem] = problems({
      lb,
      rs1: { wanted: [vip("lo"), arpIgnore(1)], found: [vip("lo"), arpIgnore(1)], around: at },
    });
    expect(problem?.message).toContain("rs1 answers");
    expect(problem?.hint).toContain("keep it silent: net.ipv4.conf.all.arp_ignore has to be 1");
  });

  it("a host of the topology that has not got the address: a proxy", () => {
    expect(problems({ lb, fw: { around: at } })[0]?.hint).toContain("proxy_arp");
  });

  it.each([
    [
      "this very plan silences the real server",
      { wanted: [vip("lo"), arpIgnore(1)], found: [vip("lo"), arpIgnore(0)], around: at },
    ],
    [
      "this very plan silences it by arptables",
      {
        wanted: [vip("lo"), ["arptables-rule", { chain: "INPUT", destination: "172.16.10.10", target: "DROP" }]],
        found: [vip("lo")],
        around: at,
      },
    ],
    [
      "it is a second director, which is to have it as well",
      { wanted: [vip("eth0")], found: [vip("eth0")], around: at },
    ],
  ] satisfies [string, Given][])("is no conflict where %s", (_about, other) => {
    expect(problems({ lb, other })).toEqual([]);
  });

  it("is no conflict where the host has the address already", () => {
    expect(problems({ lb: { ...lb, found: [vip("eth0")] } })).toEqual([]);
  });
});
