/** Real servers behind a NAT director reach the world through it: apply, apply, edit, destroy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { type Snapshot, snapshot, TABLES } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { chainTaken, expectDestroyed, expectNoChange, verifyWithout } from "../helpers/mode-checks.ts";

const BEHIND_FILTERS = ["lb", "rs1", "rs2"];
const HOSTS = [...BEHIND_FILTERS, "outside"];
const OUTSIDE = "10.0.2.253";

/** What a host's own filter lets in: answers to what it has asked, and the program below. */
const OWN = `iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
iptables -A INPUT -p tcp --dport 8000 -j ACCEPT`;

/** Answers every connection to port 8000 with the address that it comes from. */
const TELLS_WHO_ASKS = `cat >/tmp/who.py <<'END'
import socket
s = socket.create_server(("", 8000))
print("listening", flush=True)
while True:
    connection, peer = s.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n" + peer[0].encode())
    connection.close()
END
setsid python3 /tmp/who.py </dev/null >/tmp/who.log 2>&1 &
until grep -q listening /tmp/who.log; do kill -0 $! || { cat /tmp/who.log; exit 1; }; sleep 0.25; done`;

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/internet.yaml", "e2e-out");
  await dropByDefault(lab, BEHIND_FILTERS);
  for (const host of BEHIND_FILTERS) await lab.on(host, OWN);
  for (const host of HOSTS) await lab.on(host, TELLS_WHO_ASKS);
  before = await snapshot(lab, HOSTS, TABLES);
});
afterAll(() => lab?.down());

/** The address from which `to` sees connections of a host; empty if none comes through. */
function seenFrom(host: string, to: string): Promise<string> {
  return lab.on(host, `curl -s --max-time ${lab.seconds(2)} http://${to}:8000/ || true`);
}

describe("internet: true", () => {
  it("leads real servers to an outside host, which sees the director's address", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("4 of 4 requests from outside to http://10.0.2.100:80/ were answered");
    expect(status, stdout).toBe(0);
    expect(await seenFrom("rs1", OUTSIDE)).toBe("10.0.2.1");
    expect(await seenFrom("rs2", OUTSIDE)).toBe("10.0.2.1");
  });

  it("leaves packets between real servers and to the director alone", async () => {
    await lab.ensureApplied();
    expect(await seenFrom("rs1", "192.168.57.12")).toBe("192.168.57.11");
    expect(await seenFrom("rs1", "192.168.57.1")).toBe("192.168.57.11");
    expect(await seenFrom("rs1", "10.0.2.1")).toBe("192.168.57.11");
  });

  it("lets nobody outside begin a connection to a real server", async () => {
    await lab.ensureApplied();
    await lab.on("outside", "ip route add 192.168.57.0/24 via 10.0.2.1");
    const seen = await seenFrom("outside", "192.168.57.11");
    await lab.on("outside", "ip route del 192.168.57.0/24");
    expect(seen).toBe("");
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  for (const [table, chain, rule] of [
    ["nat", "POSTROUTING", /POSTROUTING -s 192\.168\.57\.0\/24 -o eth0 -j MASQUERADE is missing/],
    ["filter", "FORWARD", /FORWARD -s 192\.168\.57\.0\/24 -o eth0 -j ACCEPT is missing/],
  ] as const) {
    it(`needs the rules in ${chain}, and verify names them`, async () => {
      const [take, mend] = chainTaken(lab, table, chain);
      await lab.ensureApplied();
      await lab.on("lb", take);
      const seen = await seenFrom("rs1", OUTSIDE);
      await lab.on("lb", mend);
      expect(seen).toBe("");
      expect(await verifyWithout(lab, "lb", take, mend)).toMatch(rule);
      expect(await seenFrom("rs1", OUTSIDE)).toBe("10.0.2.1");
    });
  }

  it("leads nobody out without the setting, while the service works", async () => {
    await lab.ensureApplied();
    const without = lab.variant("without.yaml", (text) => text.replace(", internet: true", ""));
    const { status, stdout } = await lab.lvsctl("apply", "--lab", "--yes", without);
    expect(stdout).toContain("4 of 4 requests from outside to http://10.0.2.100:80/ were answered");
    expect(status, stdout).toBe(0);
    expect(await seenFrom("rs1", OUTSIDE)).toBe("");
  });

  it("destroys everything, on all hosts", () => expectDestroyed(lab, before));
});
