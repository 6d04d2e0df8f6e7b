/** What is read from a host about links, processes and listening ports. */
import { notUnderstood } from "../outputs.ts";

/**
 * Parses `stat -c %N`, `'/bin/sh' -> 'dash'`: each path that exists, with the target of a symbolic link or undefined.
 * Only for paths without quotation marks.
 */
export function parseLinks(text: string): ReadonlyMap<string, string | undefined> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [path = "", target] = line.split(" -> ").map((name) => name.replaceAll(/^['"`]|['"]$/g, ""));
      return [path, target];
    }),
  );
}

/** Parses lines of /proc/net/tcp and tcp6: the local ports. Throws LVS-FACT-001. Source: Linux, net/ipv4/tcp_ipv4.c. */
export function parseListeningPorts(text: string, host: string): ReadonlySet<number> {
  return new Set(portsIn(text, host, /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /, 16));
}

/** Parses lines of /proc/net/udp and udp6: the local ports. Throws LVS-FACT-001. Source: Linux, net/ipv4/udp.c. */
export function parseUdpPorts(text: string, host: string): readonly number[] {
  return portsIn(text, host, /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /, 16);
}

/** Parses lines of /proc/net/sctp/eps: the local ports. Throws LVS-FACT-001. Source: Linux, net/sctp/proc.c. */
export function parseSctpPorts(text: string, host: string): readonly number[] {
  return portsIn(text, host, /^\s*\S+\s+\S+\s+\d+\s+\d+\s+\d+\s+(\d+)\s/, 10);
}

function portsIn(text: string, host: string, pattern: RegExp, radix: number): readonly number[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const port = pattern.exec(line)?.[1];
      if (port === undefined) throw notUnderstood(host, "grep", line);
      return Number.parseInt(port, radix);
    });
}

/** Parses `ss -ltnp`: who listens on each port, `nginx (process 812)`. Lines that name nobody are left out. */
export function parsePortOwners(text: string): ReadonlyMap<number, string> {
  const owners = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [, port, name, pid] = /^LISTEN\s+\d+\s+\d+\s+\S+:(\d+)\s.*users:\(\("([^"]+)",pid=(\d+),/.exec(line) ?? [];
    if (port !== undefined) owners.set(Number(port), `${name} (process ${pid})`);
  }
  return owners;
}
