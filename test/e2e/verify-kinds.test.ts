/** How services are tested: nothing is said to a database, and each type of test has a twin in which it fails. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { unwrapped } from "../helpers/mode-checks.ts";

const REAL_SERVERS = ["rs1", "rs2"];

const SERVICES = `  db: { mode: dr, vip: 172.16.10.10, port: 3306, scheduler: rr }
  shop: { mode: dr, vip: 172.16.10.10, port: 443, scheduler: rr, verify: { path: /health, host: shop.example.net, expect: welcome } }
  checked: { mode: dr, vip: 172.16.10.11, port: 443, scheduler: rr, verify: { host: shop.example.net, tls: { ca: /run/ca.pem } } }
  names: { mode: dr, vip: 172.16.10.10, port: 53, protocol: udp, scheduler: rr, verify: { host: www.example.net, expect: 192.0.2.7 } }
  marked: { mode: dr, fwmark: 80, match: [{ address: 172.16.10.12, ports: [80, 443] }], scheduler: rr }
  printer: { mode: dr, vip: 172.16.10.10, port: 9100, scheduler: rr, verify: none }
`;

/**
 * On each real server: a database that greets, with a log of what it got; web pages with and without TLS; a name server that
 * knows one name; a printer that logs every connection.
 */
const SERVERS = `import http.server, socket, ssl, struct, threading
def log(*words):
    with open("/run/got", "a") as file: print(*words, file=file, flush=True)
def listen(port, greeting):
    one = socket.create_server(("", port))
    while True:
        client, _ = one.accept()
        try:
            client.sendall(greeting)
            log(port, client.recv(999))
        except OSError as error:
            log(port, error.strerror)
        client.close()
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path in ("/", "/health")
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b"welcome to " + self.headers["Host"].encode() + b"\\n")
    def log_message(self, *words): pass
def serve(port, certificate=None):
    server = http.server.ThreadingHTTPServer(("", port), Page)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()
def names():
    one = socket.socket(type=socket.SOCK_DGRAM)
    one.bind(("172.16.10.10", 53))
    while True:
        asked, client = one.recvfrom(999)
        known = b"\\3www\\7example\\3net\\0" in asked
        record = b"\\xc0\\x0c" + struct.pack(">2HIH4B", 1, 1, 60, 4, 192, 0, 2, 7) if known else b""
        one.sendto(asked[:2] + struct.pack(">5H", 0x8180 if known else 0x8183, 1, int(known), 0, 0) + asked[12:] + record, client)
for job in [(listen, 3306, b"\\x0a8.0.36\\0\\xff\\xff\\xf7"), (listen, 9100, b""), (serve, 80), (serve, 443, "/run/server.pem"), (names,)]:
    threading.Thread(target=job[0], args=job[1:]).start()
`;

let lab: LabUnderTest;

/** Verifies as things are, with what the hosts' programs have been told so far forgotten. */
async function verified(file = lab.file): Promise<{ readonly text: string; readonly status: number }> {
  for (const host of REAL_SERVERS) await lab.on(host, "rm -f /run/got");
  const { stdout, status } = await lab.lvsctl("verify", "--lab", file);
  return { text: unwrapped(stdout), status };
}

async function startServers(host: string): Promise<void> {
  await lab.on(
    host,
    `cat >/run/servers.py <<'END'\n${SERVERS}\nEND
setsid python3 /run/servers.py >/run/out 2>&1 </dev/null & echo $! >/run/servers.pid
until [ "$(ss -Hltn | grep -cE ':(80|443|3306|9100) ')" = 4 ] && ss -Hlun | grep -q ':53 '; do sleep 1; done`,
  );
}

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-kinds", (text) => {
    const [hosts = ""] = text.split(/^services:$/m);
    const forwards = "role: firewall\n    sysctls: { net.ipv4.ip_forward: 1 }";
    return `${hosts.replace("role: firewall", forwards)}services:\n${SERVICES}verify: { requests: 8, timeout: 2 }\n`;
  });
  const { stdout, stderr, status } = await lab.lvsctl("apply", "--lab", "--yes", "--no-verify", lab.file);
  expect(status, stdout + stderr).toBe(0);
  const made = await lab.on(
    "client",
    `cd /run; openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout key.pem -out ca.pem -subj /CN=shop.example.net \
-addext subjectAltName=DNS:shop.example.net 2>/dev/null; cat key.pem ca.pem`,
  );
  for (const host of REAL_SERVERS) {
    await lab.on(host, `cat >/run/server.pem <<'END'\n${made}\nEND`);
    await startServers(host);
  }
});

afterAll(() => lab?.down());

describe("a service's own test", () => {
  it("is by its type, and passes", async () => {
    const { text, status } = await verified();
    expect(status, text).toBe(0);
    expect(text).toContain("✓ db: 4 of 4 requests from client to tcp 172.16.10.10:3306 were answered");
    expect(text).toMatch(/✓ db: rr: rs1 [2-9], rs2 [2-9]/);
    expect(text).toContain(
      "✓ shop: 4 of 4 requests from client to https://172.16.10.10:443/health as shop.example.net",
    );
    expect(text).toContain("✓ checked: 8 of 8 requests");
    expect(text).toContain("✓ names: 8 of 8 requests from client to dns 172.16.10.10:53 were answered");
    expect(text).toContain("✓ marked: 4 of 4 requests from client to http://172.16.10.12:80/ were answered");
    expect(text).toContain("✓ marked: 4 of 4 requests from client to https://172.16.10.12:443/ were answered");
    expect(text).toMatch(/✓ marked: rr: rs1 [4-9], rs2 [4-9]/);
    expect(text).toContain("- printer: no requests were sent: its `verify` says `none`");
    expect(status, text).toBe(0);
  });

  it("says nothing to a database, and leaves its connections in order; nothing goes to a printer", async () => {
    await verified();
    for (const host of REAL_SERVERS) expect(await lab.on(host, "cat /run/got")).toMatch(/^(3306 b''\n){2,9}$/);
  });

  it("fails for each if its program has ended", async () => {
    await lab.on("rs2", "kill $(cat /run/servers.pid)");
    const { text, status } = await verified();
    await startServers("rs2");
    expect(status, text).toBe(3);
    expect(text).toContain(
      "✗ db: 2 of 4 requests from client to tcp 172.16.10.10:3306 were answered (connection refused)",
    );
    expect(text).toMatch(/✗ shop: 2 of 4 requests .* \((connection refused|no connection: refused, or no route)\)/);
    expect(text).toMatch(/✗ names: 4 of 8 requests/);
    expect(text).toMatch(/✗ marked: 2 of 4 requests from client to http:/);
    expect(text).toMatch(/✗ marked: 2 of 4 requests from client to https:/);
    expect(text).not.toContain("✗ printer");
  });

  it("fails if the answer is not the one that is expected, or the certificate is nobody's", async () => {
    const other = lab.variant("other.yaml", (text) =>
      text
        .replace("expect: welcome", "expect: goodbye")
        .replace("tls: { ca: /run/ca.pem }", "tls: { verify: true }")
        .replace("expect: 192.0.2.7", "expect: 192.0.2.8")
        .replace("port: 3306, scheduler: rr", "port: 3306, scheduler: rr, verify: { expect: MariaDB }")
        .replace("scheduler: rr, verify: none", "scheduler: rr, verify: http"),
    );
    const { text, status } = await verified(other);
    expect(status, text).toBe(3);
    expect(text).toMatch(/✗ shop: 0 of 4 requests .*\("goodbye" is not in the answer\)/);
    expect(text).toMatch(/✗ checked: 0 of 8 requests .*\(SSL certificate problem: self.signed certificate\)/);
    expect(text).toMatch(/✗ names: 0 of 8 requests .*\(www\.example\.net has 192\.0\.2\.7, not 192\.0\.2\.8\)/);
    expect(text).toMatch(/✗ db: 0 of 4 requests .*"MariaDB" is not in the answer: +8\.0\.36/);
    expect(text).toMatch(/✗ printer: 0 of 8 requests .*\(the connection was closed without an answer\)/);
    expect(await lab.on("rs1", "cat /run/got")).toContain("9100 b'GET / HTTP/1.1");
  });
});

describe("strict rp_filter", () => {
  /** Replies to the client leave rs1 by another interface than the one where requests come in. */
  const aside = (
    value: number,
  ) => `ip link add aside type dummy; ip addr add 192.0.2.1/24 dev aside; ip link set aside up
ip route add 10.0.2.0/24 via 192.0.2.2 dev aside src 172.16.20.20
for d in all eth0; do cat /proc/sys/net/ipv4/conf/$d/rp_filter; echo ${value} >/proc/sys/net/ipv4/conf/$d/rp_filter; done >/run/kept`;
  const MEND =
    "ip link del aside; { read -r all; read -r eth0; } </run/kept; echo $all >/proc/sys/net/ipv4/conf/all/rp_filter; echo $eth0 >/proc/sys/net/ipv4/conf/eth0/rp_filter";
  const NAMED = /rs1: \d+ packets? (was|were) dropped by strict rp_filter \(1 on eth0\)/;

  it("is named with the host, its interfaces and what to do, if it dropped the requests", async () => {
    await lab.on("rs1", aside(1));
    const { text, status } = await verified();
    await lab.on("rs1", MEND);
    expect(status, text).toBe(3);
    expect(text).toMatch(NAMED);
    expect(text).toContain("sysctls: { net.ipv4.conf.eth0.rp_filter: 2 }");
  });

  it("is not, if the filter is loose and replies are lost elsewhere", async () => {
    await lab.on("rs1", aside(2));
    const { text, status } = await verified();
    await lab.on("rs1", MEND);
    expect(status, text).toBe(3);
    expect(text).not.toMatch(NAMED);
  });

  it("has left nothing: all is answered again", async () => {
    const { text, status } = await verified();
    expect(status, text).toBe(0);
  });
});
