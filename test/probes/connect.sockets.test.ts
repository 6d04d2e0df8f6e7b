/** Connections that say nothing, made by each program that a host may have for it, and questions to a name server. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectCommand } from "../../src/probes/connect.ts";
import { datagramsCommand, parseAsked, SIP_OPTIONS } from "../../src/probes/datagrams.ts";
import { command } from "../../src/shell/quote.ts";
import { type ThrowAwayHost, throwAwayHost } from "../resources/throw-away-host.ts";

/**
 * A program that greets on port 3306, as databases do, and writes down what it got and how the connection ended; one on
 * port 6379 that waits for its client to speak first; a name server on port 53 that knows www.example.net; and a SIP server
 * that writes down the calls.
 */
const SERVERS = `cat >/run/servers.py <<'END'
import os, socket, struct, threading
def log(*words):
    with open("/run/log", "a") as file: print(*words, file=file, flush=True)
def listen(port, greeting):
    one = socket.create_server(("127.0.0.1", port))
    while True:
        client, _ = one.accept()
        client.sendall(greeting)
        try:
            log(port, "got", client.recv(999), "then an end in order")
        except OSError as error:
            log(port, error.strerror)
        client.close()
def answer(asked):
    name = asked[12:asked.index(b"\\0", 12) + 1]
    known = name == b"\\3www\\7example\\3net\\0"
    record = b"\\xc0\\x0c" + struct.pack(">2HIH4B", 1, 1, 60, 4, 192, 0, 2, 7) if known else b""
    flags = 0x8180 if known else 0x8183
    return asked[:2] + struct.pack(">5H", flags, 1, int(known), 0, 0) + asked[12:] + record
def names():
    one = socket.socket(type=socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 53))
    while True:
        asked, client = one.recvfrom(999)
        one.sendto(answer(asked), client)
def calls():
    one = socket.socket(type=socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 5060))
    while True:
        asked, client = one.recvfrom(999)
        first, *headers = asked.decode().split("\\r\\n")
        log(first, "from %s:%d" % client, *sorted(line for line in headers if line.startswith(("Call-ID", "Via"))))
        complete = headers[-2:] == ["", ""] and {"From", "To", "CSeq", "Max-Forwards"} <= {line.split(":")[0] for line in headers}
        one.sendto(b"SIP/2.0 200 OK\\r\\n" if complete else b"SIP/2.0 400 Bad Request\\r\\n", client)
def names_over_tcp():
    one = socket.create_server(("127.0.0.1", 53))
    while True:
        client, _ = one.accept()
        client.recv(2)
        said = answer(client.recv(999))
        client.sendall(struct.pack(">H", len(said)) + said)
        client.close()
jobs = [(listen, (3306, b"\\x4a\\0\\0\\0\\x0a8.0.36\\0\\xff\\xff\\xf7\\n\\xff\\xfd\\x18")), (listen, (6379, b"")), (names, ()), (names_over_tcp, ()), (calls, ())]
for job, arguments in jobs:
    threading.Thread(target=job, args=arguments).start()
END
setsid /usr/bin/python3 /run/servers.py >/run/out 2>&1 </dev/null &
until [ "$(grep -c ' 0A ' /proc/net/tcp)" = 3 ] && grep -q ':0035' /proc/net/udp && grep -q ':13C4' /proc/net/udp; do sleep 0.1; done`;

/** Only these programs, as on a host that has no others. */
const only = (...programs: readonly string[]) =>
  `mkdir /run/only; ${programs.map((name) => `ln -s "$(command -v ${name})" /run/only/${name}`).join("; ")}; PATH=/run/only`;
const BASIC = ["sh", "cat", "tr", "cut", "timeout", "printf"];

describe.each([
  { name: "Python 3", tools: "gnu", path: "" },
  { name: "bash", tools: "gnu", path: only(...BASIC, "bash") },
  { name: "BusyBox' nc", tools: "busybox", path: "PATH=/usr/local/sbin" },
] as const)("with $name", ({ tools, path }) => {
  let host: ThrowAwayHost;
  const connect = async (port: number, hears: boolean) => {
    const { argv, script } = connectCommand({ address: "127.0.0.1", port }, 2, 3, hears);
    await host.run("rm -rf /run/log /run/only");
    const { stdout } = await host.run(`${path}\n${script}\n${command(...argv)}`);
    return parseAsked(stdout);
  };
  /** What the services wrote down about both connections; they may do so a moment later. */
  const log = async () =>
    (await host.run('until [ "$(cat /run/log 2>/dev/null | wc -l)" = 2 ]; do sleep 0.1; done; cat /run/log')).stdout;

  beforeAll(async () => {
    host = await throwAwayHost(tools);
    expect(await host.run(SERVERS)).toMatchObject({ status: 0 });
  });
  afterAll(() => host.end());

  test("a service that greets gets not a byte, and an end in order instead of a reset", async () => {
    expect(await connect(3306, false)).toMatchObject([{ state: "answered" }, { state: "answered" }]);
    expect(await log()).toBe("3306 got b'' then an end in order\n".repeat(2));
  });

  test("what it says first is heard", async () => {
    const [first] = await connect(3306, true);
    expect(first?.text).toContain("8.0.36");
  });

  test("a service that waits for its client gets not a byte either", async () => {
    expect(await connect(6379, false)).toMatchObject([{ state: "answered" }, { state: "answered" }]);
    expect(await log()).toBe("6379 got b'' then an end in order\n".repeat(2));
  });

  test("a port on which nobody listens takes no connection", async () => {
    const results = await connect(1234, false);
    expect(results).toMatchObject([{ state: "failed" }, { state: "failed" }]);
    expect(results[0]?.text).toMatch(/refused/i);
  });
});

test("without any of them it says so by its exit status", async () => {
  const host = await throwAwayHost();
  const { argv, script } = connectCommand({ address: "127.0.0.1", port: 3306 }, 2, 3, false);
  expect(await host.run(`${only(...BASIC)}\n${script}\n${command(...argv)}`)).toMatchObject({ status: 127 });
  await host.end();
});

describe("questions to a name server and a SIP server", () => {
  let host: ThrowAwayHost;
  beforeAll(async () => {
    host = await throwAwayHost();
    expect(await host.run(SERVERS)).toMatchObject({ status: 0 });
  });
  afterAll(() => host.end());

  test.each(["udp", "tcp"] as const)("over %s are answered with records", async (protocol) => {
    const ask = async (name: string) => {
      const argv = datagramsCommand({ protocol, address: "127.0.0.1", port: 53 }, 2, 3, { name, type: "A" });
      return parseAsked((await host.run(command(...argv))).stdout);
    };
    const known = await ask("www.example.net");
    expect(known).toHaveLength(2);
    expect(known[0]?.text).toMatch(/^[0-9a-f]{4}8180.*c0000207$/);
    expect((await ask("www2.example.net"))[0]?.text).toMatch(/^[0-9a-f]{4}8183/);
  });

  test("OPTIONS to a SIP server are complete, each in a call of its own", async () => {
    const argv = datagramsCommand({ protocol: "udp", address: "127.0.0.1", port: 5060 }, 2, 3, SIP_OPTIONS);
    const answers = parseAsked((await host.run(command(...argv))).stdout);
    expect(answers.map(({ text }) => text)).toEqual(["SIP/2.0 200 OK", "SIP/2.0 200 OK"]);
    const log = (await host.run("cat /run/log")).stdout.trim().split("\n");
    const heard = log.map((line) =>
      /^OPTIONS sip:127\.0\.0\.1:5060 SIP\/2\.0 from (\S+) Call-ID: (\S+) Via: SIP\/2\.0\/UDP \1;/.exec(line),
    );
    const calls = heard.filter((one) => one !== null).map(([, , call]) => call);
    expect(calls).toHaveLength(2);
    expect(new Set(calls).size).toBe(2);
  });
});
