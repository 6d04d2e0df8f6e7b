import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { treatmentsOf } from "../../src/app/load.ts";
import { bareCommand } from "../../src/errors/follow-up.ts";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { ReadCommand, ReadOutputs } from "../../src/shell/read-script.ts";
import { loadTopology } from "../../src/topology/load-topology.ts";
import { isReadOnly } from "../../src/transport/guard.ts";
import type { Transport } from "../../src/transport/transport.ts";
import {
  doorsOf,
  halfOpenCauses,
  judgeDoors,
  parseHalfOpen,
  readHalfOpen,
  type Tried,
  tryDoors,
} from "../../src/verify/doors.ts";
import type { Traffic } from "../../src/verify/traffic.ts";

const playbooks = new Playbooks(kinds);
const { topology } = loadTopology(readFileSync("examples/unmanaged.yaml", "utf8"), "unmanaged.yaml", playbooks);
if (topology === undefined) throw new Error("examples/unmanaged.yaml");
const { services } = topology;
const doors = doorsOf(services, treatmentsOf(topology, playbooks.usedBy(topology).playbooks), new Set(["lb"]));
const [door] = doors;
if (door === undefined) throw new Error("no door");

const traffic = (service: string, answered: number): Traffic => ({
  ...{ service, from: "client" },
  answers: [
    {
      ...{ type: "http", target: "http://192.0.2.80:80/", requests: 4, retried: 0, answered, timedOut: 4 - answered },
      ...{ byRealServer: new Map(), foreignAnswers: 0, errors: [], isNamed: false, isOwed: true },
    },
  ],
});

/** A director that answers every command with this text. */
const director = (stdout: string, asked: ReadCommand[] = []): Transport =>
  ({
    host: "lb",
    read: async (commands: readonly ReadCommand[]): Promise<ReadOutputs> => {
      asked.push(...commands);
      return new Map(commands.map(({ name }) => [name, { stdout, stderr: "", status: 0 }]));
    },
  }) as unknown as Transport;

describe("the ports of real servers that lvsctl does not log in to", () => {
  it("are tried where requests arrive at the host's own address, by a director that can", () => {
    expect(doors).toEqual([{ service: "shop", host: "win1", address: "10.0.0.21", port: 8080, from: "lb" }]);
    const found = treatmentsOf(topology, playbooks.usedBy(topology).playbooks);
    expect(doorsOf(services, found, new Set(["rs1"]))).toEqual([]);
  });

  it("are good if they are open, and a fault only if answers are missing", async () => {
    const asked: ReadCommand[] = [];
    const open = await tryDoors(doors, [director("lvsctl-probe answered \n", asked)], topology.verify);
    expect(judgeDoors(open, [traffic("shop", 4)])).toEqual({
      checks: [
        {
          ...{ name: "port", service: "shop", ok: true },
          detail: "win1 on 10.0.0.21:8080 takes connections (tried from lb)",
        },
      ],
      notes: [],
    });
    const closed = await tryDoors(doors, [director("lvsctl-probe failed Connection refused\n")], topology.verify);
    expect(judgeDoors(closed, [traffic("shop", 2)]).checks).toMatchObject([
      { ok: false, detail: expect.stringContaining("takes no connections from lb (connection refused)") },
    ]);
    expect(judgeDoors(closed, [traffic("shop", 4), traffic("files", 0)])).toMatchObject({
      checks: [],
      notes: [expect.stringContaining("win1 on 10.0.0.21:8080 takes no connections from lb")],
    });
    for (const { argv } of asked) expect(isReadOnly(argv)).toBe(true);
  });

  it("are noted if the director has no program for it", () => {
    const tried: Tried = new Map([[door, undefined]]);
    expect(judgeDoors(tried, [traffic("shop", 0)])).toMatchObject({
      checks: [],
      notes: [expect.stringContaining("lb has no program")],
    });
  });
});

const CONNECTIONS = `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP C0000209 AD4A C0000264 0050 C0000216 0050 SYN_RECV         27
TCP C0000209 AD4C C0000264 0050 C0000216 0050 SYN_RECV         30
TCP C0000209 843E C0000264 0050 C000020C 0050 SYN_RECV         50
TCP C0000209 AD4D C0000264 0050 C000020C 0050 FIN_WAIT         92
TCP 2001:0db8:0000:0000:0000:0000:0000:0009 843E 2001:0db8:0000:0000:0000:0000:0000:0064 0050 2001:0db8:0000:0000:0000:0000:0000:0016 0050 SYN_RECV 50
`;

describe("connections that got no further than the first packet", () => {
  it("are counted by real server", () => {
    expect(parseHalfOpen(CONNECTIONS)).toEqual(
      new Map([
        ["192.0.2.22 80", 2],
        ["192.0.2.12 80", 1],
        ["2001:db8::16 80", 1],
      ]),
    );
    expect(parseHalfOpen("").size).toBe(0);
  });

  it("are read by a command that passes the guard", async () => {
    const asked: ReadCommand[] = [];
    expect((await readHalfOpen([director(CONNECTIONS, asked)])).get("192.0.2.22 80")).toBe(2);
    for (const { argv } of asked) expect(isReadOnly(argv)).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it("explain missing answers, by hosts that nobody could look at", () => {
    const halfOpen = parseHalfOpen(CONNECTIONS);
    const causes = halfOpenCauses(services, [traffic("shop", 4), traffic("files", 2)], halfOpen, bareCommand);
    expect(causes.map(({ host, message }) => `${host}: ${message}`)).toEqual([
      "team2: 2 connections of files to it got no reply to the first packet",
    ]);
    expect(halfOpenCauses(services, [traffic("files", 4)], halfOpen, bareCommand)).toEqual([]);
    expect(halfOpenCauses(services, [traffic("shop", 0)], halfOpen, bareCommand)).toEqual([]);
  });
});
