/** Firewall marks and ordinary services on one address, and the way from one to the other and back, while clients ask on. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownChain } from "../../src/resources/own-chain.ts";
import { type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed } from "../helpers/mode-checks.ts";

const HOSTS = ["lb", "rs1", "rs2", "pc"];
const ASKED = ["192.0.2.100:80", "192.0.2.101:80", "192.0.2.102:80"];

/** Asks each address in turn, each time by a new connection, and writes a line for every request, until /tmp/stop appears. */
const CLIENT = `import os, socket, sys, time
asked = [one.split(":") for one in sys.argv[1:]]
log = open("/tmp/asked", "w", buffering=1)
while not os.path.exists("/tmp/stop"):
    for host, port in asked:
        try:
            with socket.create_connection((host, int(port)), SECONDS) as s:
                s.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
                answer = b""
                while more := s.recv(4096): answer += more
            words = answer.split(b"real server ")
            log.write(f"{host} {words[1].split()[0].decode()}\\n" if len(words) > 1 else f"{host} lost: {answer!r}\\n")
        except OSError as error:
            log.write(f"{host} lost: {error}\\n")
        time.sleep(0.1)
`;

/** The shop's line as an ordinary service, and as one by mark. */
const BY_MARK: Readonly<Record<string, string>> = {
  "shop: { mode: dr, vip: 192.0.2.100, port: 80, scheduler: rr }":
    "shop: { mode: dr, fwmark: 80, match: [{ address: 192.0.2.100, ports: [80, 443] }], scheduler: rr, persistence: { timeout: 600 } }",
  "till: { mode: nat, masquerade: true, vip: 192.0.2.101, port: 80, scheduler: rr }":
    "till: { mode: nat, masquerade: true, fwmark: 81, match: [{ address: 192.0.2.101/32, ports: [80, 443] }], scheduler: rr }",
};
const ADMIN = "  admin: { mode: dr, vip: 192.0.2.100, port: 8080, scheduler: rr, testPage: true }\n";

let lab: LabUnderTest;
let before: Snapshot;
let files: Readonly<Record<"first" | "ordinary" | "marked" | "beside", string>>;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/marks-live.yaml", "e2e-marks-live");
  // A netfilter table once listed stays; the snapshots are to be the same before and after.
  const tables = "for t in filter nat mangle; do iptables -t $t -S; ip6tables -t $t -S; done >/dev/null";
  await Promise.all(HOSTS.map((host) => lab.on(host, tables)));
  before = await snapshot(lab, HOSTS);
  writeFileSync(join(dirname(lab.file), "local-routes.yaml"), withLocalRoutes());
  const marked = (text: string) =>
    Object.entries(BY_MARK).reduce((edited, [from, to]) => replaced(edited, from, to), text);
  files = {
    first: lab.variant("first.yaml", (text) => replaced(text, "old: { mode: dr,", "old: { mode: ./local-routes.yaml,")),
    ordinary: lab.variant("ordinary.yaml", (text) => text),
    marked: lab.variant("marked.yaml", marked),
    beside: lab.variant("beside.yaml", (text) => marked(replaced(text, "verify:", `${ADMIN}verify:`))),
  };
});

afterAll(() => lab?.down());

/** A copy of the mode dr that gives hosts a local route in place of the address: what earlier versions made for a mark. */
function withLocalRoutes(): string {
  const dr = readFileSync(new URL("../../playbooks/dr.yaml", import.meta.url), "utf8");
  const route =
    '    resource: route\n    with: { to: "${{ service.vip.address }}", device: lo, type: local, table: 255 }\n';
  const text = dr
    .replace("playbook: dr\n", "playbook: local-routes\n")
    .replace(/ {4}resource: address\n {4}with:\n( {6}.*\n)+/g, route);
  expect(text.match(/type: local/g)).toHaveLength(2);
  return text;
}

function replaced(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

/** Applies a topology; the client tells whether it serves. A second plan finds nothing to do. */
async function apply(file: string): Promise<void> {
  const flags = ["--lab", "--yes", "--no-verify", "--drain-timeout", String(lab.seconds(30))];
  const { status, stdout, stderr } = await lab.lvsctl("apply", ...flags, file);
  expect(status, stderr + stdout).toBe(0);
  const second = await lab.lvsctl("plan", "--lab", "--detailed-exitcode", file);
  expect(second.stdout).toContain("Nothing to change on 4 hosts");
  expect(second.status).toBe(0);
}

/** Waits until each address has been asked ten more times. */
async function askOn(): Promise<void> {
  await lab.on(
    "pc",
    `from=$(wc -l </tmp/asked)
    until [ "$(wc -l </tmp/asked)" -ge $((from + ${10 * ASKED.length})) ]; do kill -0 "$(cat /tmp/client.pid)"; sleep 1; done`,
  );
}

/** Asks all the time while `work` goes on; the lines that the client wrote. */
async function whileAsking(work: () => Promise<void>): Promise<readonly string[]> {
  await lab.on(
    "pc",
    `rm -f /tmp/stop /tmp/asked; touch /tmp/asked
    cat >/tmp/client.py <<'END'\n${CLIENT.replace("SECONDS", String(lab.seconds(120)))}END
    setsid python3 /tmp/client.py ${ASKED.join(" ")} </dev/null >/tmp/client.log 2>&1 &
    echo $! >/tmp/client.pid`,
  );
  await askOn();
  await work();
  await askOn();
  const ended = "touch /tmp/stop\nwhile kill -0 $(cat /tmp/client.pid) 2>/dev/null; do sleep 0.5; done";
  const lines = (await lab.on("pc", `${ended}\ncat /tmp/client.log >&2; cat /tmp/asked`)).trim().split("\n");
  await lab.on("pc", "rm -f /tmp/stop /tmp/asked /tmp/client.py /tmp/client.log /tmp/client.pid");
  return lines;
}

const isLost = (line: string) => line.includes("lost");

describe("one address for ordinary services and firewall marks", () => {
  it("goes from one to the other, has both, and goes back, without losing a request", async () => {
    await lab.ensureApplied(files.first);
    expect(await lab.on("rs1", "ip -4 address show dev lo; ip route show table local")).toContain(
      "local 192.0.2.102 dev lo",
    );
    const addresses = "ip -4 -o address show | grep -oE '192\\.0\\.2\\.10[0-2]/.*' | sort -u";
    const made = await Promise.all(["lb", "rs1"].map((host) => lab.on(host, addresses)));
    const lines = await whileAsking(async () => {
      await apply(files.ordinary);
      await apply(files.marked);
      expect(await lab.on("lb", "ipvsadm -S -n")).not.toContain("192.0.2.100:80");
      await apply(files.beside);
      await apply(files.marked);
      await apply(files.ordinary);
      expect(await lab.on("lb", "ipvsadm -S -n; iptables -t mangle -S")).not.toMatch(/-f |MARK/);
    });
    expect(lines.filter(isLost)).toEqual([]);
    for (const asked of ASKED) {
      const answers = lines.filter((line) => line.startsWith(asked.replace(":80", " ")));
      expect(new Set(answers.map((line) => line.split(" ")[1]))).toEqual(new Set(["rs1", "rs2"]));
    }
    const after = await Promise.all(["lb", "rs1"].map((host) => lab.on(host, addresses)));
    expect(after).toEqual(made.map((text) => expect.stringContaining(text.split("\n")[0] ?? "")));
    expect(await lab.on("rs1", "ip route show table local proto boot")).toBe("");
  });

  it("serves the marked ports and the ordinary one beside them", async () => {
    await lab.ensureApplied(files.beside);
    const ask = (port: number) => `curl -sS --max-time ${lab.seconds(5)} http://192.0.2.100:${port}/`;
    expect(await lab.on("pc", ask(80))).toContain("real server rs");
    expect(await lab.on("pc", ask(8080))).toContain("real server rs");
  });

  it.each([
    { name: "the address on the director", host: "lb", device: "eth0" },
    { name: "the marks", host: "lb", device: undefined },
  ])("loses requests without $name", async ({ host, device }) => {
    await lab.ensureApplied(files.marked);
    const chain = ownChain(lab.name, "PREROUTING");
    const [take, mend] =
      device === undefined
        ? [
            `iptables -t mangle -S ${chain} | sed -n 's/^-A/iptables -t mangle -A/p' >/run/mend; iptables -t mangle -F ${chain}`,
            "sh /run/mend; rm /run/mend",
          ]
        : [
            `ip address del 192.0.2.100/32 dev ${device}; ip neigh flush all`,
            `ip address add 192.0.2.100/32 dev ${device}`,
          ];
    const lines = await whileAsking(async () => {
      await lab.on(host, take ?? "");
      await askOn();
      await lab.on(host, mend ?? "");
    });
    expect(lines.filter(isLost).length).toBeGreaterThan(0);
  });

  it("destroys everything, on all hosts", async () => {
    await lab.ensureApplied(files.beside);
    await expectDestroyed(lab, before);
  });
});
