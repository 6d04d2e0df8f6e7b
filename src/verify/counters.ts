/** Kernel counters: how to read them, and what their growth says about the requests sent meanwhile. */
import type { CounterCheck } from "../compile/compile-checks.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Transport } from "../transport/transport.ts";
import { type Traffic, total } from "./traffic.ts";
import type { Check } from "./verification.ts";

/** Counters by `host file column`; a missing table counts as 0. */
export type Counters = ReadonlyMap<string, number>;

/** Reads the counters that the checks watch, with one exec per host. */
export async function readCounters(
  transports: readonly Transport[],
  checks: readonly CounterCheck[],
): Promise<Counters> {
  const found = await Promise.all(transports.map((transport) => readHost(transport, checks)));
  return new Map(found.flat());
}

async function readHost(transport: Transport, checks: readonly CounterCheck[]) {
  const own = checks.filter(({ host }) => host === transport.host);
  const files = [...new Set(own.map(({ file }) => file))];
  const commands = files.map((file): ReadCommand => ({ name: file, argv: ["cat", file] }));
  const outputs: ReadOutputs = commands.length === 0 ? new Map() : await transport.read(commands);
  return own.map((check) => [keyOf(check), sumColumn(outputs.get(check.file)?.stdout ?? "", check.column)] as const);
}

/**
 * Sums a column of a table under /proc/net/stat over all processors: a line of names, then lines of hexadecimal numbers.
 * Source: kernel net/netfilter/nf_synproxy_core.c, nf_conntrack_standalone.c.
 */
export function sumColumn(table: string, column: string): number {
  const [names = "", ...rows] = table.trim().split("\n");
  const at = names.trim().split(/\s+/).indexOf(column);
  if (at < 0) return 0;
  return rows.reduce((sum, row) => sum + Number.parseInt(row.trim().split(/\s+/)[at] ?? "0", 16), 0);
}

/** Judges the counters' growth, for services that answered at least one request. */
export function judgeCounters(
  checks: readonly CounterCheck[],
  before: Counters,
  after: Counters,
  traffic: readonly Traffic[],
): readonly Check[] {
  return checks.flatMap((check): readonly Check[] => {
    const [first, last] = [before.get(keyOf(check)), after.get(keyOf(check))];
    const own = traffic.filter(({ service }) => service === check.service);
    const answered = total(own.flatMap(({ answers }) => answers.map((one) => one.answered)));
    if (answered === 0 || first === undefined || last === undefined) return [];
    return [judgeCounter(check, last - first, answered)];
  });
}

function judgeCounter(check: CounterCheck, grown: number, answered: number): Check {
  const { id, service, host, file, column, why } = check;
  const seen = `${column} in ${file} on ${host} grew by ${grown} during ${answered} answered requests`;
  const ok = check.holds({ grown, answered });
  return { name: id, service, ok, detail: ok ? seen : `${seen}. ${why}` };
}

function keyOf({ host, file, column }: CounterCheck): string {
  return `${host} ${file} ${column}`;
}
