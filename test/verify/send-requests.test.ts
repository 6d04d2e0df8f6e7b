import { describe, expect, it } from "vitest";
import type { ReadCommand, ReadOutput } from "../../src/shell/read-script.ts";
import type { Service, Topology } from "../../src/topology/topology.ts";
import { assertReadOnly } from "../../src/transport/guard.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { assertCanSend, sendRequests, unverifiable } from "../../src/verify/send-requests.ts";
import { loadTopology } from "../helpers/load-topology.ts";

const web = {
  ...{ name: "web", protocol: "tcp", port: 80, testPage: true, verify: {}, match: [], family: 4 },
  vip: { address: "172.16.10.10", family: 4, prefix: 32 },
  realServers: [{ host: "rs1", port: 80, weight: 1 }],
} as unknown as Service;
const database: Service = {
  ...{ ...web, name: "db", port: 3306, testPage: false },
  realServers: web.realServers.map((server) => ({ ...server, port: 3306 })),
};

const TIMEOUT = "curl: (28) Failed to resolve host '172.16.10.10' with timeout after 5000 ms\n";
const curl = (answered: number, timedOut: number): ReadOutput => ({
  stdout: "real server rs1\n\nlvsctl-answer 200\n".repeat(answered) + "\nlvsctl-answer 000\n".repeat(timedOut),
  stderr: TIMEOUT.repeat(timedOut),
  status: timedOut > 0 ? 28 : 0,
});

/** Sends to services whose commands print these in turn, and returns how many requests each command was for. */
async function send(services: readonly Service[], ...prints: readonly ReadOutput[]) {
  return sendWith(undefined, services, ...prints);
}

/** The same, with so many tries more for each request that times out. */
async function sendWith(retries: number | undefined, services: readonly Service[], ...prints: readonly ReadOutput[]) {
  const left = [...prints];
  const sent: string[] = [];
  const argvs: (readonly string[])[] = [];
  const transport = {
    host: "client",
    read: async (commands: readonly ReadCommand[]) =>
      new Map(
        commands.map(({ name, argv }) => {
          argvs.push(argv);
          sent.push(argv[0] === "curl" ? `${argv.at(-1)} ${argv[argv.indexOf("--parallel-max") + 1]}` : argv.join(" "));
          return [name, left.shift() ?? { stdout: "", stderr: "", status: 1 }] as const;
        }),
      ),
  } as unknown as Transport;
  const verify = { requests: 8, timeoutSeconds: 5, ...(retries === undefined ? {} : { retries }) };
  const topology = { services, verify } as unknown as Topology;
  const { traffic, notes } = await sendRequests(transport, topology);
  return { answers: traffic.map(({ answers }) => answers[0]), notes, sent, argvs };
}

const URL = (requests: number, atOnce: number) => `http://172.16.10.10:80/#[1-${requests}] ${atOnce}`;

describe("requests that time out", () => {
  it("are sent once more, fewer at a time, and count if they are answered then", async () => {
    const { answers, sent } = await send([web], curl(3, 5), curl(5, 0));
    expect(sent).toEqual([URL(8, 10), URL(5, 4)]);
    expect(answers).toMatchObject([{ requests: 8, answered: 8, retried: 5, timedOut: 0 }]);
    expect(answers[0]?.byRealServer).toEqual(new Map([["rs1", 8]]));
  });

  it("are not sent a third time", async () => {
    const { answers, sent } = await send([web], curl(3, 5), curl(4, 1));
    expect(sent).toHaveLength(2);
    expect(answers).toMatchObject([{ answered: 7, retried: 5, errors: ["timed out after 5 s"] }]);
  });

  it("are tried once if nothing at all was answered, and the rest only if that one is", async () => {
    expect((await send([web], curl(0, 8), curl(0, 1))).sent).toEqual([URL(8, 10), URL(1, 4)]);
    const alive = await send([web], curl(0, 8), curl(1, 0), curl(7, 0));
    expect(alive.sent).toEqual([URL(8, 10), URL(1, 4), URL(7, 4)]);
    expect(alive.answers).toMatchObject([{ answered: 8, retried: 8 }]);
  });

  it("are known in the end, if they timed out at every try", async () => {
    expect((await send([web], curl(3, 5), curl(4, 1))).answers).toMatchObject([{ timedOut: 1 }]);
    expect((await send([web], curl(0, 8), curl(0, 1))).answers).toMatchObject([{ timedOut: 8 }]);
    const refused = { stdout: "\nlvsctl-answer 000\n", stderr: "curl: (7) refused\n", status: 7 };
    expect((await send([web], curl(7, 1), refused)).answers).toMatchObject([{ timedOut: 0 }]);
  });

  it("are sent as often as it is asked for", async () => {
    const thrice = await sendWith(2, [web], curl(3, 5), curl(3, 2), curl(2, 0));
    expect(thrice.sent).toEqual([URL(8, 10), URL(5, 4), URL(2, 4)]);
    expect(thrice.answers).toMatchObject([{ answered: 8, retried: 5, resent: 7, timedOut: 0 }]);
    const enough = await sendWith(3, [web], curl(3, 5), curl(5, 0));
    expect(enough.sent).toHaveLength(2);
    expect(enough.answers).toMatchObject([{ answered: 8, retried: 5, resent: 5 }]);
    const never = await sendWith(0, [web], curl(3, 5));
    expect(never.sent).toHaveLength(1);
    expect(never.answers).toMatchObject([{ answered: 3, retried: 0, resent: 0, timedOut: 5 }]);
  });

  it("are tried one at a time as long as nothing at all was answered", async () => {
    const silent = await sendWith(2, [web], curl(0, 8), curl(0, 1), curl(0, 1));
    expect(silent.sent).toEqual([URL(8, 10), URL(1, 4), URL(1, 4)]);
    const late = await sendWith(2, [web], curl(0, 8), curl(0, 1), curl(1, 0), curl(6, 1));
    expect(late.sent).toEqual([URL(8, 10), URL(1, 4), URL(1, 4), URL(7, 4)]);
    expect(late.answers).toMatchObject([{ answered: 7, retried: 8, resent: 9, timedOut: 1 }]);
  });

  it("are the only ones: a refusal is an answer", async () => {
    const refused = { stdout: "\nlvsctl-answer 000\n".repeat(8), stderr: "curl: (7) refused\n".repeat(8), status: 7 };
    expect((await send([web], refused)).sent).toHaveLength(1);
  });
});

describe("what is sent", () => {
  it("is no HTTP to a service of another kind, in one exec with the rest", async () => {
    const two = { stdout: "lvsctl-probe answered \n".repeat(2), stderr: "", status: 0 };
    const { answers, sent } = await send([web, database], curl(8, 0), two);
    expect(sent[1]).toBe("lvsctl_connect 172.16.10.10 3306 2 5 0");
    expect(answers).toMatchObject([{ answered: 8 }, { type: "tcp", answered: 2 }]);
  });

  it("goes one after the other if curl is too old", async () => {
    const old = { stdout: "", stderr: "curl: option -Z: is unknown\n", status: 2 };
    const { answers, sent } = await send([web], old, curl(8, 0));
    expect(sent[1]).not.toBe(sent[0]);
    expect(answers).toMatchObject([{ answered: 8 }]);
  });

  it("leaves out what curl 7.29 of CentOS 7 does not know, and nothing that 7.61 knows", async () => {
    // As curl 7.29.0 prints it: built from its sources and run.
    const help = "curl: try 'curl --help' for more information\n";
    const unknown = (option: string) => ({
      stdout: "",
      stderr: `curl: option ${option}: is unknown\n${help}`,
      status: 2,
    });
    const centos = await send([web], unknown("-Z"), unknown("--http1.1"), curl(8, 0));
    expect(centos.argvs.map((argv) => argv.includes("--http1.1"))).toEqual([true, true, false]);
    expect(centos.argvs.at(-1)).not.toContain("-Z");
    expect(centos.answers).toMatchObject([{ answered: 8 }]);
    const newer = await send([web], unknown("-Z"), curl(8, 0));
    expect(newer.argvs.map((argv) => argv.includes("--http1.1"))).toEqual([true, true]);
  });

  it("needs curl only for HTTP", async () => {
    const none = { stdout: "", stderr: "", status: 127 };
    await expect(send([web], none)).rejects.toMatchObject({ code: "LVS-VERIFY-001" });
    expect((await send([database], none)).notes).toEqual([expect.stringContaining("python3, bash nor nc")]);
  });
});

describe("before changes are made", () => {
  const canSend = (services: readonly Service[], status: number) => {
    const read = async (commands: readonly ReadCommand[]) => {
      assertReadOnly("client", commands);
      return new Map(commands.map(({ name }) => [name, { stdout: "", stderr: "", status }]));
    };
    const topology = { services, verify: { requests: 8, timeoutSeconds: 5 } } as unknown as Topology;
    return assertCanSend({ host: "client", read } as unknown as Transport, topology);
  };

  it("a client without curl is refused where a service needs it", async () => {
    await expect(canSend([database, web], 127)).rejects.toMatchObject({
      ...{ code: "LVS-VERIFY-001", details: { host: "client", hint: expect.stringContaining("--no-verify") } },
    });
    await expect(canSend([web], 0)).resolves.toBeUndefined();
    await expect(canSend([database], 127)).resolves.toBeUndefined();
  });
});

const hosts = `version: 1
name: lab
hosts:
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 } }
  rs1: { role: real-server, interfaces: { eth0: 172.16.10.21/24 } }
services:
`;

describe("what is left out", () => {
  it.each([
    ["realServers: [rs1], verify: none", "its `verify` says `none`"],
    ["realServers: []", "it has no real servers yet"],
    ["realServers: { rs1: { weight: 0 } }", "all of its real servers have weight 0"],
    ["realServers: [rs1]", undefined],
  ])("with %s", (realServers, reason) => {
    const { topology } = loadTopology(
      `${hosts}  web: { mode: dr, vip: 172.16.10.10, port: 80, ${realServers} }\n`,
      "lab.yaml",
    );
    if (topology === undefined) throw new Error("The topology is wrong.");
    expect(unverifiable(topology)).toEqual(reason === undefined ? [] : [`web: no requests were sent: ${reason}`]);
  });
});
