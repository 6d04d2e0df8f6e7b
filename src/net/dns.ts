/** Answers of name servers. Source: RFC 1035, section 4.1. Pure. */
import { canonicalAddress } from "./address.ts";

/** What a name server's answer says. */
export interface DnsAnswer {
  /** `NOERROR`, `NXDOMAIN`, …; a number for what has no usual name. */
  readonly status: string;
  /** How many records answer the question. */
  readonly records: number;
  /** The addresses among them, canonical. */
  readonly addresses: readonly string[];
}

const HEADER = 12;
const STATUS = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];
const [A, AAAA] = [1, 28];

/** Parses an answer from its bytes; undefined if they are no answer of a name server. */
export function parseDnsAnswer(bytes: Uint8Array): DnsAnswer | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint8(2) < 0x80) return undefined;
  const code = view.getUint8(3) & 15;
  const [questions, records] = [view.getUint16(4), view.getUint16(6)];
  const addresses: string[] = [];
  let at: number | undefined = HEADER;
  for (let index = 0; index < questions && at !== undefined; index += 1) at = after(bytes, at, 4);
  for (let index = 0; index < records; index += 1) {
    const start: number | undefined = at === undefined ? undefined : after(bytes, at, 10);
    if (start === undefined) break; // Cut short, which a datagram may be.
    const [type, length] = [view.getUint16(start - 10), view.getUint16(start - 2)];
    const data = bytes.subarray(start, start + length);
    if (type === A && data.length === 4) addresses.push([...data].join("."));
    if (type === AAAA && data.length === 16) addresses.push(sixteenBytes(data));
    at = start + length;
  }
  return { status: STATUS[code] ?? String(code), records, addresses };
}

/** The position after a name and `more` bytes; undefined beyond the end. */
function after(bytes: Uint8Array, start: number, more: number): number | undefined {
  let at = start;
  for (;;) {
    const length = bytes[at];
    if (length === undefined) return undefined;
    const isPointer = length >= 0xc0;
    at += isPointer ? 2 : length + 1;
    if (isPointer || length === 0) break;
  }
  return at + more <= bytes.length ? at + more : undefined;
}

function sixteenBytes(data: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((data[2 * index] ?? 0) << 8) | (data[2 * index + 1] ?? 0)).toString(16),
  );
  return canonicalAddress(groups.join(":"));
}
