/** Which ports are in use and by whom, from the kernel's tables and `ss`. */
import { notUnderstood } from "../outputs.ts";

/** The protocols whose ports can be looked up. */
export type Protocol = "tcp" | "udp" | "sctp";

interface Table {
  readonly files: readonly string[];
  /** Arguments of `grep` that select the lines of listening sockets. */
  readonly listening: readonly string[];
  /** Captures the local port in such a line. */
  readonly port: RegExp;
  readonly radix: 10 | 16;
  /** A pattern of `grep` for the lines of one port. */
  readonly pattern: (port: number) => string;
}

/** Source: Linux, net/ipv4/{tcp_ipv4,udp}.c, net/sctp/proc.c. */
const TABLES: Readonly<Record<Protocol, Table>> = {
  tcp: inetTable("tcp", "0A"),
  udp: inetTable("udp", "07"),
  sctp: {
    files: ["/proc/net/sctp/eps"],
    listening: ["-v", "LPORT"],
    port: /^\s*\S+\s+\S+\s+\d+\s+\d+\s+\d+\s+(\d+)\s/,
    radix: 10,
    pattern: (port) => `^ *[^ ]* *[^ ]* *[0-9]* *[0-9]* *[0-9]* *${port} `,
  },
};

function inetTable(name: "tcp" | "udp", state: string): Table {
  return {
    files: [`/proc/net/${name}`, `/proc/net/${name}6`],
    listening: [` ${state} `],
    port: /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /,
    radix: 16,
    pattern: (port) => `:${port.toString(16).toUpperCase().padStart(4, "0")} [0-9A-F]*:0000 ${state} `,
  };
}

/** The command that reads a protocol's listening sockets. */
export function listeningArgv(protocol: Protocol): readonly string[] {
  const { listening, files } = TABLES[protocol];
  return ["grep", "-h", "-s", ...listening, ...files];
}

/** The command that succeeds if a program listens on the port. */
export function listensArgv(protocol: Protocol, port: number): readonly string[] {
  const { pattern, files } = TABLES[protocol];
  return ["grep", "-q", "-s", pattern(port), ...files];
}

/** Parses the output of `listeningArgv` into ports. Throws LVS-FACT-001. */
export function parseListening(protocol: Protocol, text: string, host: string): readonly number[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const port = TABLES[protocol].port.exec(line)?.[1];
    if (port === undefined) throw notUnderstood(host, "grep", line);
    return Number.parseInt(port, TABLES[protocol].radix);
  });
}

/**
 * Parses `ss -ltnp`: port → who listens on it, `nginx (process 812)`. Lines without a process are skipped. Before iproute2
 * 3.14 the numbers have no names: `("nginx",812,6)`.
 */
export function parsePortOwners(text: string): ReadonlyMap<number, string> {
  const owners = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [, port, name, pid] =
      /^LISTEN\s+\d+\s+\d+\s+\S+:(\d+)\s.*users:\(\("([^"]+)",(?:pid=)?(\d+),/.exec(line) ?? [];
    if (port !== undefined) owners.set(Number(port), `${name} (process ${pid})`);
  }
  return owners;
}
