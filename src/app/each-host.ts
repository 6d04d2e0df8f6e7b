/** One piece of work on every host, side by side, each over a connection of its own that ends with it. */
import pLimit from "p-limit";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { connect } from "../transport/connect.ts";
import { readOnly } from "../transport/guard.ts";
import { askOnce } from "../transport/secrets.ts";
import type { Transport } from "../transport/transport.ts";
import type { HostOptions, Target } from "./sessions.ts";

const DEFAULT_PARALLEL = 32;

export interface EachHostOptions extends HostOptions {
  /** Refuse everything that changes a host. */
  readonly readOnly: boolean;
  /** What is going on, for people: `Reading the ledgers of 5 hosts …`. */
  readonly status: string;
}

/**
 * What `work` gave, by host. Throws when it fails anywhere, after all have ended: that host's error, or LVS-CONNECT-000 or
 * LVS-FACT-000 with the errors of all of them.
 */
export async function onEachHost<T>(
  targets: readonly Target[],
  options: EachHostOptions,
  work: (transport: Transport) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const { askSecret } = options;
  const shared = askSecret ? { ...options, askSecret: askOnce(askSecret) } : options;
  const limit = pLimit(options.parallel ?? DEFAULT_PARALLEL);
  options.onStatus?.(options.status);
  const results = await Promise.allSettled(targets.map((target) => limit(() => onOne(target, shared, work))));
  options.onStatus?.(undefined);
  const errors = results.flatMap((result): readonly unknown[] => (result.status === "rejected" ? [result.reason] : []));
  const [first] = errors;
  if (first === undefined) {
    return new Map(results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])));
  }
  const problems = errors.filter((error) => error instanceof LvsctlError);
  if (problems.length < errors.length || errors.length === 1) throw first;
  const code = problems.every((problem) => problem.code.startsWith("LVS-CONNECT")) ? "LVS-CONNECT-000" : "LVS-FACT-000";
  throw new LvsctlError(code, `${errors.length} of ${targets.length} hosts cannot be worked with.`, { problems });
}

async function onOne<T>(
  target: Target,
  options: EachHostOptions,
  work: (transport: Transport) => Promise<T>,
): Promise<readonly [string, T]> {
  const transport = await connect(target.name, target.ssh, options);
  try {
    return [target.name, await work(options.readOnly ? readOnly(transport) : transport)];
  } finally {
    await transport.close();
  }
}
