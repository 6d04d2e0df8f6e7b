/** Two network namespaces, a host and its peer: whether the host's kernel drops what the peer sends. */
import { execFileSync } from "node:child_process";

const HOST = `lvsctl-filter-host-${process.pid}`;
const PEER = `lvsctl-filter-peer-${process.pid}`;

function run(...argv: readonly string[]): string {
  const [program = "", ...args] = argv;
  return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs a program on the host. */
export const inHost = (...argv: readonly string[]) => run("ip", "netns", "exec", HOST, ...argv);

/** Removes both. */
export function removeNamespaces(): void {
  for (const name of [HOST, PEER]) {
    try {
      run("ip", "netns", "del", name);
    } catch {} // It was not there.
  }
}

/** Makes both, at 10.0.0.1 and 2001:db8::1 the host. */
export function makeNamespaces(): void {
  removeNamespaces();
  for (const name of [HOST, PEER]) run("ip", "netns", "add", name);
  run("ip", "link", "add", "v0", "netns", HOST, "type", "veth", "peer", "name", "v0", "netns", PEER);
  for (const [name, address, address6] of [
    [HOST, "10.0.0.1/24", "2001:db8::1/64"],
    [PEER, "10.0.0.9/24", "2001:db8::9/64"],
  ] as const) {
    run("ip", "-n", name, "addr", "add", address, "dev", "v0");
    run("ip", "-n", name, "addr", "add", address6, "dev", "v0", "nodad");
    run("ip", "-n", name, "link", "set", "v0", "up");
  }
}

const CONNECT = `
import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
s.settimeout(float(sys.argv[3]) or None)
try:
    s.connect((sys.argv[1], int(sys.argv[2])))
    print("connected")
except ConnectionRefusedError:
    print("refused")
except OSError as error:
    print("dropped")
`;

/**
 * Nobody listens: a packet that gets through is refused, and one that is dropped or rejected is not. Who expects a packet to
 * get through waits until the kernel gives up.
 */
export function isDropped(address: string, port: number, expected: boolean): boolean {
  return isDroppedFrom(PEER, address, port, expected);
}

/** The same for what the host sends to its peer, at 10.0.0.9 and 2001:db8::9. */
export function isKeptIn(address: string, port: number, expected: boolean): boolean {
  return isDroppedFrom(HOST, address, port, expected);
}

function isDroppedFrom(sender: string, address: string, port: number, expected: boolean): boolean {
  const seconds = expected ? "1" : "0";
  return (
    run("ip", "netns", "exec", sender, "python3", "-I", "-S", "-c", CONNECT, address, String(port), seconds).trim() ===
    "dropped"
  );
}
