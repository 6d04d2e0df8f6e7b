/** Hints for ports as people and other programs write them. */
import { portRange } from "../lvs/port-range.ts";

/** A port as other programs write it, `80/tcp`. */
export function portWithProtocol(written: unknown): string | undefined {
  const text = String(written).toLowerCase();
  const [, port, after] = /^(\d{1,5})\/(tcp|udp|sctp)$/.exec(text) ?? [];
  const [, before, other] = /^(tcp|udp|sctp)[/:](\d{1,5})$/.exec(text) ?? [];
  const [number, name] = [port ?? other, after ?? before];
  if (number === undefined || !isPort(number)) return undefined;
  return `Write port and protocol apart: \`port: ${Number(number)}\` and \`protocol: ${name}\`.`;
}

/** Several ports, or a number in quotes, where one port belongs. */
export function severalPorts(written: unknown): string | undefined {
  if (typeof written === "number") return undefined;
  const ports = Array.isArray(written) ? written.map(String) : String(written).split(/[\s,;]+/);
  if (!ports.every(isPort)) return undefined;
  const [only = ""] = ports.map(plain);
  if (ports.length === 1 && only !== ports[0]) return `Write \`port: ${only}\`.`;
  if (ports.length === 1 && /^\d+$/.test(ports[0] ?? "") && !Array.isArray(written))
    return `A number has no quotes: \`port: ${ports[0]}\`.`;
  return listOfPorts(ports);
}

/** The hint to write these as a list. */
export function listOfPorts(ports: readonly string[]): string {
  return `For several ports in one service write \`ports: [${listed(ports)}]\` in place of \`port\`.`;
}

/** A port or a range, also as others write it. */
export function isPort(text: string): boolean {
  if (!/^\d{1,5}([-:]\d{1,5})?$/.test(text)) return false;
  const { first, last } = portRange(text.replace(":", "-"));
  return first >= 1 && first <= last && last <= 65535;
}

/** A port in place of a range of a single one. */
function plain(text: string): string {
  const { first, last } = portRange(text.replace(":", "-"));
  return first === last ? String(first) : text;
}

/** Numbers without quotes, and ranges as they are written here. */
function listed(ports: readonly string[]): string {
  return ports.map((port) => (/\D/.test(port) ? `"${port.replace(":", "-")}"` : port)).join(", ");
}

/** What is no list, several ports in one text, or more than a list may have. */
export function portList(
  written: unknown,
  { most, canBeOne }: { readonly most: number; readonly canBeOne: boolean },
): string | undefined {
  const all = String(written)
    .split(/[\s,;]+/)
    .map(plain);
  if (!all.every(isPort)) return undefined;
  const ports = all.length > most ? asRanges(all) : all;
  if (ports.length > most)
    return `Write ranges in place of single ports, or divide them: a list has at most ${most} entries.`;
  const [port = "", ...others] = ports;
  if (canBeOne && others.length === 0 && /^\d+$/.test(port))
    return `Write \`port: ${port}\`, or \`ports: [${port}, …]\` for several.`;
  return `Write \`ports: [${listed(ports)}]\`.`;
}

/** The same ports in as few entries as there can be. */
function asRanges(ports: readonly string[]): readonly string[] {
  const ranges: [first: number, last: number][] = [];
  for (const { first, last } of ports
    .map((port) => portRange(port.replace(":", "-")))
    .toSorted((one, other) => one.first - other.first)) {
    const before = ranges.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else ranges.push([first, last]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`));
}

/** Several ports in one item of a list, a number in quotes, or every port, for which there is `instead`. */
export function portItem(written: unknown, instead: string): string | undefined {
  if (Number(written) === 0) return `Delete it: ports go from 1 to 65535. ${instead}`;
  const ports = String(written).split(/[\s,;]+/);
  if (typeof written !== "string" || !ports.every(isPort)) return undefined;
  return ports.length === 1 ? `Write ${listed(ports)}.` : `Write each as an item of its own: ${listed(ports)}.`;
}
