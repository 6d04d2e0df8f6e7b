/** Responders, run by the Python of this machine and asked by real sockets. */
import { afterEach, describe, expect, test } from "vitest";
import { type ResponderState, responder } from "../../src/resources/responder.ts";
import { context, type ThrowAwayHost, type Tools, throwAwayHost } from "./throw-away-host.ts";

const UDP: ResponderState = { protocol: "udp", port: 53, answer: "real server rs1", running: true };
const SCTP: ResponderState = { ...UDP, protocol: "sctp", port: 2905 };
const FOLDER = "/var/lib/lvsctl/web-lab/udp-53";

/**
 * Arguments: protocol, address, port. Prints the answer and the address that it came from. Where nobody answers, the host
 * notices that nothing happens any more.
 */
const ASK = `import socket, sys
protocol, address, port = sys.argv[1:]
kind = (socket.SOCK_DGRAM, 0) if protocol == "udp" else (socket.SOCK_STREAM, 132)
one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, *kind)
if protocol == "udp":
    one.sendto(b"?", (address, int(port)))
    text, source = one.recvfrom(2048)
else:
    one.connect((address, int(port)))
    text, source = one.recv(2048), one.getpeername()
print(text.decode(), source[0])`;

let host: ThrowAwayHost;

afterEach(() => host.end());

describe.each<Tools>(["gnu", "busybox"])("on a host with %s tools", (tools) => {
  test("it answers from the address that was asked, as nobody, and goes without a trace", async () => {
    host = await throwAwayHost(tools);
    const processes = await host.processes();
    await start(UDP);
    for (const address of await addresses()) expect(await asked(UDP, address)).toBe(`real server rs1\n ${address}\n`);
    expect((await host.run("busybox ps -o user,args")).stdout).toMatch(/^nobody .*serve\.py udp 53/m);

    const during = await host.observe(responder, [UDP]);
    expect(during.states.get("udp 53")).toEqual(UDP);
    expect(responder.problem?.(UDP, during, true)).toBeUndefined();
    expect(await host.apply(responder, { before: UDP, after: undefined }, during)).toMatchObject({
      stderr: "",
      status: 0,
    });
    expect((await host.observe(responder, [UDP])).states.size).toBe(0);
    expect(await host.processes()).toEqual(processes);
    expect((await host.run("ls /var/lib /run")).stdout).toBe("/run:\n\n/var/lib:\nlvsctl\n");
  });

  test("it gives another answer after an update, even one that is shell syntax", async () => {
    host = await throwAwayHost(tools);
    await start(UDP);
    const other = { ...UDP, answer: `it's $(touch /run/owned) "\`\\ %s` };
    const observed = await host.observe(responder, [other]);
    expect(observed.states.get("udp 53")).toEqual(UDP);
    expect(await host.apply(responder, { before: UDP, after: other }, observed)).toMatchObject({
      stderr: "",
      status: 0,
    });
    expect(await asked(UDP, "127.0.0.1")).toBe(`${other.answer}\n 127.0.0.1\n`);
    expect((await host.observe(responder, [UDP])).states.get("udp 53")).toEqual(other);
    expect((await host.run("ls /run")).stdout).toBe("");
  });
});

test("one that was killed is seen, and the script for the next boot starts it, but not a second time", async () => {
  host = await throwAwayHost();
  await start(UDP);
  const observed = await host.observe(responder, [UDP]);
  const [step] = responder.atBoot?.([UDP], observed, context) ?? [];
  const number = async () => (await host.run(`readlink ${FOLDER}/process`)).stdout;
  const first = await number();
  expect(await host.run(`set -e\n${step?.script}`)).toMatchObject({ stderr: "", status: 0 });
  expect(await number()).toBe(first);
  await host.run(`kill -KILL $(basename $(readlink ${FOLDER}/process))
while grep -q :0035 /proc/net/udp; do sleep 0.05; done`);
  expect((await host.observe(responder, [UDP])).states.get("udp 53")).toEqual({ ...UDP, running: false });
  expect(await host.run(`set -e\n${step?.script}`)).toMatchObject({ stderr: "", status: 0 });
  expect(await number()).not.toBe(first);
  expect(await asked(UDP, "127.0.0.1")).toBe("real server rs1\n 127.0.0.1\n");
});

test("somebody else's port is left alone", async () => {
  host = await throwAwayHost();
  await host.run(`setsid python3 -c 'import socket, time
one = socket.socket(type=socket.SOCK_DGRAM)
one.bind(("", 53))
time.sleep(36000)' >/dev/null 2>&1 &`);
  await host.run("until grep -q :0035 /proc/net/udp; do sleep 0.05; done");
  const observed = await host.observe(responder, [UDP]);
  expect(responder.problem?.(UDP, observed, false)?.message).toContain("The UDP port 53 is taken");
  const result = await host.apply(responder, { before: undefined, after: UDP }, observed);
  expect(result).toMatchObject({ status: 1, stderr: "port 53 is taken by a program of somebody else's\n" });
});

test("associations of SCTP are answered, where the kernel has it", async (run) => {
  host = await throwAwayHost();
  // Many kernels lack SCTP; the lab's has it, and e2e/datagrams tests it there.
  if ((await host.run("[ -e /proc/net/sctp ]")).status !== 0) run.skip();
  await start(SCTP);
  expect(await asked(SCTP, "127.0.0.1")).toBe("real server rs1\n 127.0.0.1\n");
});

async function start(state: ResponderState): Promise<void> {
  const observed = await host.observe(responder, [state]);
  expect(observed.states.size).toBe(0);
  expect(responder.problem?.(state, observed, false)).toBeUndefined();
  const result = await host.apply(responder, { before: undefined, after: state }, observed);
  expect(result).toMatchObject({ stderr: "", status: 0 });
}

async function asked({ protocol, port }: ResponderState, address: string): Promise<string> {
  const { stdout, stderr } = await host.run(`/usr/bin/python3 - ${protocol} ${address} ${port} <<'END'\n${ASK}\nEND`);
  return stdout + stderr;
}

/** Addresses of the loopback interface; IPv6 only where this machine's kernel has it. */
async function addresses(): Promise<readonly string[]> {
  const { status } = await host.run("[ -e /proc/net/if_inet6 ]");
  return ["127.0.0.1", "127.0.0.2", ...(status === 0 ? ["::1"] : [])];
}
