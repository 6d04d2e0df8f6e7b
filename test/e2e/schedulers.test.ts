/** Every scheduler with traffic, and a real server that is full, by NAT: behind each service the same two web servers. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, unwrapped, verifyWithout } from "../helpers/mode-checks.ts";
import { realServersOf } from "../helpers/served-page.ts";

const HOSTS = ["lb", "rs1", "rs2", "client"];

/** By its port, what one client gets of twelve requests, one after the other. */
const SCHEDULERS = [
  { port: 1001, scheduler: "lc", spread: "both" },
  { port: 1002, scheduler: "wlc", spread: "both" },
  { port: 1003, scheduler: "sed", spread: "any" },
  { port: 1004, scheduler: "nq", spread: "any" },
  { port: 1005, scheduler: "dh", spread: "one" },
  { port: 1006, scheduler: "sh", spread: "one" },
  { port: 1007, scheduler: "sh", flags: "sh-port", spread: "both" },
  { port: 1008, scheduler: "mh", spread: "one" },
  { port: 1009, scheduler: "mh", flags: "mh-port", spread: "both" },
  { port: 1010, scheduler: "mh", flags: "mh-port, mh-fallback", spread: "both" },
  { port: 1011, scheduler: "lblc", spread: "one" },
  { port: 1012, scheduler: "lblcr", spread: "one" },
  { port: 1013, scheduler: "fo", spread: "heaviest" },
  { port: 1014, scheduler: "ovf", spread: "any" },
] as const;

/** By thresholds, where the scheduler gives everything to the heaviest that is not full. */
const FULL = "mode: nat, vip: 10.0.2.100, port: 2001, protocol: udp, scheduler: fo, testPage: true";

const services = SCHEDULERS.map(({ port, scheduler, ...one }) => {
  const flags = "flags" in one ? `, schedulerFlags: [${one.flags}]` : "";
  const rs1 = scheduler === "fo" || scheduler === "ovf" ? "{ port: 8080, weight: 3 }" : "{ port: 8080 }";
  return `  s${port}: { mode: nat, vip: 10.0.2.100, port: ${port}, scheduler: ${scheduler}${flags}, realServers: { rs1: ${rs1}, rs2: { port: 8080 } }, testPage: true }`;
});

const TOPOLOGY_SERVICES = `services:
${services.join("\n")}
  full: { ${FULL}, realServers: { rs1: { port: 8053, weight: 9, upperThreshold: 3, lowerThreshold: 2 }, rs2: { port: 8053 } } }
  all: { mode: nat, vip: 10.0.2.101, port: 0, scheduler: rr, persistence: { timeout: 60 } }
verify: { requests: 12, timeout: 2 }
`;

/** Seconds that the director remembers a client's port after its last datagram. */
const remembered = () => lab.seconds(8);

/** Prints who answers clients that come, stay by sending again, and go by being silent until they are forgotten. */
const CLIENTS = `import socket, time
def ask(one):
    one.send(b"x")
    return one.recv(99).decode().split()[-1]
def come(count):
    new = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(count)]
    for one in new:
        one.connect(("10.0.2.100", 2001))
    print(*map(ask, new), flush=True)
    return new
first = come(5)
if STAY:
    time.sleep(REMEMBERED * 0.5)
    ask(first[0]), ask(first[1])
    time.sleep(REMEMBERED * 0.75)
    come(1)
    ask(first[0])
    time.sleep(REMEMBERED * 0.5)
    come(1)
`;

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("nat-two-arm.yaml", "e2e-schedulers", (text) =>
    text.replace(/^services:[\s\S]*/m, TOPOLOGY_SERVICES),
  );
  await lab.on("lb", `iptables -S >/dev/null; ipvsadm --set 0 0 ${remembered()}`);
  before = await snapshot(lab, HOSTS);
});

afterAll(() => lab?.down());

describe("schedulers with traffic", () => {
  let printed = "";

  it("applies, and every request is answered", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    printed = unwrapped(stdout);
  });

  it.each(SCHEDULERS)(
    "$scheduler on port $port gives one client $spread of two real servers",
    async ({ port, scheduler, spread }) => {
      await lab.ensureApplied();
      if (printed === "") printed = unwrapped((await lab.do("verify")).stdout);
      const [, rs1, rs2] = new RegExp(`✓ s${port}: ${scheduler}: rs1 (\\d+), rs2 (\\d+)`).exec(printed) ?? [];
      const shares = [Number(rs1), Number(rs2)];
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(12);
      if (spread === "both") expect(Math.min(...shares)).toBeGreaterThan(0);
      if (spread === "one") expect(Math.max(...shares)).toBe(12);
      if (spread === "heaviest") expect(shares).toEqual([12, 0]);
    },
  );

  it("takes every port of an address, and keeps a client with one real server", async () => {
    await lab.ensureApplied();
    const answers = await realServersOf(lab, "all", "client", ["10.0.2.101:8080", "10.0.2.101:8080"]);
    expect(new Set(answers).size).toBe(1);
  });

  it("shows thresholds in the director's table", async () => {
    await lab.ensureApplied();
    const table = await lab.on("lb", "ipvsadm -L -n --thresholds");
    expect(table).toMatch(
      /^UDP {2}10\.0\.2\.100:2001 fo\n {2}-> 192\.168\.57\.11:8053 +3 +2 +\d+ +\d+ *\n {2}-> 192\.168\.57\.12:8053 +0 +0 +\d+ +\d+ *$/m,
    );
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));
});

describe("a real server that is full", () => {
  const clients = async (stay: "True" | "False") => {
    // Those of verify count until they are forgotten.
    const counted = `ipvsadm -L -n -u 10.0.2.100:2001 | awk '/->.*Masq/ { sum += $5 + $6 } END { print sum }'`;
    await lab.on("lb", `until [ "$(${counted})" = 0 ]; do sleep 0.5; done`);
    const script = CLIENTS.replace("STAY", stay).replaceAll("REMEMBERED", String(remembered()));
    return lab.on("client", `python3 - <<'END'\n${script}END`);
  };

  it("gets no more connections than its upper threshold, and again some when it is below the lower", async () => {
    await lab.ensureApplied();
    // The third of the first real server's three is forgotten; two are not below two; then only one is left.
    expect(await clients("True")).toBe("rs1 rs1 rs1 rs2 rs2\nrs2\nrs1\n");
  });

  it("gets them all without thresholds, which verify reports", async () => {
    await lab.ensureApplied();
    const edit = "ipvsadm -e -u 10.0.2.100:2001 -r 192.168.57.11:8053 -m -w 9";
    await lab.on("lb", `${edit} -x 0 -y 0`);
    expect(await clients("False")).toBe("rs1 rs1 rs1 rs1 rs1\n");
    const text = await verifyWithout(lab, "lb", ":", `${edit} -x 3 -y 2`);
    expect(text).toMatch(/lb: real server udp 10\.0\.2\.100:2001.* upperThreshold is 0, lowerThreshold is 0/);
  });

  it("destroys everything, on all hosts", () => expectDestroyed(lab, before));
});
