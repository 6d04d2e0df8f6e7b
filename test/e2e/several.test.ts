/** Services on several ports and addresses: up, apply, apply, one client on all ports, ports added live, destroy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inWords } from "../../src/lvs/service-name.ts";
import { dropByDefault } from "../helpers/default-drop.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { whoAnswers } from "../helpers/served-page.ts";

const REAL_SERVERS = ["rs1", "rs2"];
const hosts = ["gw", "lb", ...REAL_SERVERS, "client"];
const touch = "for t in filter nat mangle; do iptables -t $t -S; ip6tables -t $t -S; done >/dev/null";
const PLAIN = ["10.0.2.100:80", "10.0.2.100:8080", "[2001:db8:2::100]:80", "[2001:db8:2::100]:8080"];
const OTHERS = [82, 8999, 9200];
const STICKY = ["10.0.2.101:80", "10.0.2.101:8080", "10.0.2.102:80", "10.0.2.102:8080"];

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/several.yaml", "e2e-several");
  await Promise.all(hosts.map((host) => lab.on(host, touch)));
  await dropByDefault(lab, ["lb", ...REAL_SERVERS], [4, 6]);
  // Nobody answers here for another reason than a filter: no service takes these ports.
  const others = OTHERS.map((port) => `iptables -A INPUT -p tcp --dport ${port} -j ACCEPT`);
  for (const host of ["lb", ...REAL_SERVERS]) await lab.on(host, others.join("\n"));
  before = await snapshot(lab, hosts);
  await listenOn([81]);
});
afterAll(() => lab?.down());

describe("services on several ports and addresses", () => {
  it("answer on all of them, and a second apply changes nothing", async () => {
    await lab.ensureBare();
    const { stdout: printed, stderr, status } = await lab.do("apply", "--yes");
    const stdout = printed.replaceAll(/\s+/g, " ");
    for (const target of PLAIN) {
      expect(stdout, stderr).toContain(
        `${inWords(`plain@${target}`)}: 8 of 8 requests from client to http://${target}/`,
      );
    }
    expect(stdout).toMatch(/plain, port 8080 at 10\.0\.2\.100: rr: rs1 4, rs2 4/);
    for (const target of STICKY) expect(stdout).toContain(`sticky: 2 of 2 requests from client to http://${target}/`);
    expect(stdout).toMatch(
      /sticky: rr, persistent: (rs1 8, rs2 0|rs1 0, rs2 8)|sticky: rr: (rs1 8, rs2 0|rs1 0, rs2 8)/,
    );
    expect(status, stderr).toBe(0);
    expect((await lab.do("apply", "--yes")).stdout).toContain("Nothing to change");
  });

  it("take nothing else: a port that is not listed is the director's own", async () => {
    await lab.ensureApplied();
    const others = ["10.0.2.100:82", "10.0.2.101:82", "10.0.2.103:8999", "10.0.2.103:9200"];
    await listenOn(OTHERS);
    expect(await whoAnswers(lab, "client", others)).toEqual(["-", "-", "-", "-"]);
  });

  it("without persistence a client is spread over each port by itself; with it, it has one server on all", async () => {
    await lab.ensureApplied();
    expect(new Set(await whoAnswers(lab, "client", [...PLAIN, ...PLAIN])).size).toBe(2);
    expect(new Set(await whoAnswers(lab, "client", [...STICKY, ...STICKY])).size).toBe(1);
  });

  it("reach a program on a port within the range", async () => {
    await lab.ensureApplied();
    await listenOn([9055]);
    const answers = await whoAnswers(lab, "client", ["10.0.2.103:9055", "10.0.2.103:9055"]);
    expect(answers.toSorted()).toEqual(["rs1", "rs2"]);
  });

  it("are published on several addresses, each for its own virtual one or all for the same", async () => {
    await lab.ensureApplied();
    const pair = ["10.0.1.1:80", "10.0.1.1:8080", "[2001:db8:1::1]:80", "[2001:db8:1::1]:8080"];
    expect(new Set(await whoAnswers(lab, "client", [...pair, ...pair]))).toEqual(new Set(["rs1", "rs2"]));
    await listenOn([81, 9155, 9200]);
    const shared = ["10.0.1.1:81", "10.0.1.2:81", "10.0.1.1:9155", "10.0.1.2:9155"];
    expect(new Set(await whoAnswers(lab, "client", [...shared, ...shared]))).toEqual(new Set(["rs1", "rs2"]));
    expect(await whoAnswers(lab, "client", ["10.0.1.2:80", "10.0.1.1:9200"])).toEqual(["-", "-"]);
  });

  it("get another port and lose one while the others go on", async () => {
    await lab.ensureApplied();
    const file = lab.variant("more.yaml", (text) =>
      text.replace("ports: [80, 8080], scheduler: rr, testPage", "ports: [80, 8081], scheduler: rr, testPage"),
    );
    const { stdout, status } = await lab.lvsctl("apply", "--lab", "--yes", file);
    lab.forgetState();
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("plain, port 8081 at 10.0.2.100: 8 of 8 requests");
    expect(status, stdout).toBe(0);
    expect(await whoAnswers(lab, "client", ["10.0.2.100:8080"])).toEqual(["-"]);
    expect(await lab.on("lb", "ipvsadm -S -n")).not.toContain("10.0.2.100:8080");
  });

  it("are drained together, or one port of them", async () => {
    await lab.ensureApplied();
    const drained = async () => (await lab.on("lb", "ipvsadm -S -n")).match(/-r \S+11:\d+ -g -w 0/g)?.length ?? 0;
    const flags = ["--lab", "--yes", "--service"];
    await succeeded(lab.lvsctl("drain", ...flags, "plain@10.0.2.100:80", lab.file, "rs1"));
    expect(await drained()).toBe(1);
    await succeeded(lab.lvsctl("undrain", ...flags, "plain", lab.file, "rs1"));
    expect(await drained()).toBe(0);
  });

  it("go without a trace", async () => {
    await lab.ensureSomething();
    for (const host of REAL_SERVERS) await lab.on(host, "pkill -f own-listener || true; rm -rf /run/own-listener*");
    await succeeded(lab.do("destroy", "--yes"));
    expect(differences(before, await snapshot(lab, hosts))).toEqual([]);
  });
});

/** Programs of the real servers' own, which say the host's name on these ports. */
async function listenOn(ports: readonly number[]): Promise<void> {
  for (const host of REAL_SERVERS) {
    const start = ports.map(
      (port) => `mkdir -p /run/own-listener-${port}; echo real server ${host} > /run/own-listener-${port}/index.html
cd /run/own-listener-${port} && setsid python3 -c 'import http.server as s
s.ThreadingHTTPServer(("0.0.0.0", ${port}), s.SimpleHTTPRequestHandler).serve_forever()' own-listener >/dev/null 2>&1 </dev/null &
until curl -s -o /dev/null http://127.0.0.1:${port}/; do sleep 0.1; done`,
    );
    await lab.on(host, start.join("\n"));
  }
}
