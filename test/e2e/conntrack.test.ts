/** After a change of translations, flows that were under way take the new way, and nobody else's connection is forgotten. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";

/** Besides the example's web: two services by UDP, of which one at a time is public. */
const DATAGRAMS = `
  first:
    mode: dr
    vip: 172.16.10.11
    port: 53
    protocol: udp
    scheduler: rr
    testPage: true
    realServers: [rs1]
    publish: { on: fw, address: 10.0.2.1 }
  second:
    mode: dr
    vip: 172.16.10.12
    port: 53
    protocol: udp
    scheduler: rr
    testPage: true
    realServers: [rs2]
`;

/** Asks from one port again and again; prints who answered. */
const ASK = `python3 - <<'END'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.0.2.253", 4000))
s.settimeout(SECONDS)
for i in range(3):
    s.sendto(b"who\\n", ("10.0.2.1", 53))
    try: print(s.recv(200).decode().strip())
    except OSError: print("silence")
END`;

/** Somebody else's translation of the same address, with a flow of its own. */
const THEIR_RULE = "-t nat -A PREROUTING -d 10.0.2.1/32 -p udp --dport 5353 -j DNAT --to-destination 172.16.20.20:53";
const THEIR_FLOW = `python3 -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.0.2.253", 4001))
s.sendto(b"x", ("10.0.2.1", 5353))'`;
const THEIR_ENTRY = "conntrack -L -o id -p udp --orig-port-dst 5353 2>/dev/null | grep -o 'id=[0-9]*'";

let lab: LabUnderTest;
let second: string;
let first: string;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-conntrack", (text) => text.trimEnd() + DATAGRAMS);
  const publish = "    publish: { on: fw, address: 10.0.2.1 }\n";
  first = lab.file;
  second = lab.variant("second.yaml", (text) => {
    const without = text.replace(`    realServers: [rs1]\n${publish}`, "    realServers: [rs1]\n");
    return without.replace("    realServers: [rs2]\n", `    realServers: [rs2]\n${publish}`);
  });
  await lab.on("fw", `iptables ${THEIR_RULE}; echo 36000 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout`);
});

afterAll(() => lab?.down());

describe("connections that netfilter translates", () => {
  it("would go the old way after a change, and do where there is no program to forget them with", async () => {
    await lab.ensureApplied(first);
    expect(await ask()).toEqual(["rs1", "rs1", "rs1"]);
    await lab.on("fw", "mv /usr/sbin/conntrack /usr/sbin/conntrack.away");
    try {
      await apply(second);
      expect(await ask()).toEqual(["rs1", "rs1", "rs1"]);
    } finally {
      await lab.on("fw", "mv /usr/sbin/conntrack.away /usr/sbin/conntrack");
    }
  });

  it("are forgotten with the rule that has changed, and those of others are not", async () => {
    await lab.ensureApplied(first);
    expect(await ask()).toEqual(["rs1", "rs1", "rs1"]);
    await lab.on("client", THEIR_FLOW);
    const theirs = await lab.on("fw", THEIR_ENTRY);
    expect(theirs).toMatch(/^id=\d+\n$/);
    await apply(second);
    expect(await ask()).toEqual(["rs2", "rs2", "rs2"]);
    expect(await lab.on("fw", THEIR_ENTRY)).toBe(theirs);
  });

  it("are forgotten by a destroy, by TCP too", async () => {
    await lab.ensureApplied(second);
    await lab.on("client", THEIR_FLOW);
    const web = "conntrack -L -p tcp -d 10.0.2.1 --orig-port-dst 80 2>/dev/null | grep -c 'dport=80 ' || :";
    await lab.on("client", "curl -sS http://10.0.2.1/");
    const theirs = await lab.on("fw", THEIR_ENTRY);
    expect(Number(await lab.on("fw", web))).toBeGreaterThan(0);
    await succeeded(lab.do("destroy", "--yes"));
    expect(Number(await lab.on("fw", web))).toBe(0);
    expect(await ask()).toEqual(["silence", "silence", "silence"]);
    expect(await lab.on("fw", THEIR_ENTRY)).toBe(theirs);
  });
});

async function apply(file: string): Promise<void> {
  const { status, stderr, stdout } = await lab.lvsctl("apply", "--lab", "--yes", "--no-verify", file);
  expect(status, stderr + stdout).toBe(0);
}

async function ask(): Promise<readonly string[]> {
  const answers = (await lab.on("client", ASK.replace("SECONDS", String(lab.seconds(1))))).trim().split("\n");
  return answers.map((answer) => /\b(rs\d|silence)\b/.exec(answer)?.[1] ?? answer);
}
