/** The one way to work on many hosts: in parallel up to a limit, and to the end even if some of them fail. */
import pLimit from "p-limit";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { connect } from "../transport/connect.ts";
import { readOnly } from "../transport/guard.ts";
import { JumpHosts } from "../transport/jump-hosts.ts";
import { askOnce } from "../transport/secrets.ts";
import type { Transport } from "../transport/transport.ts";
import { countHosts } from "./host-count.ts";
import type { HostOptions, Target } from "./host-options.ts";

/**
 * The results of `work`, by host. It is called with each host and the options to connect to it. `doing` tells the user what
 * is going on: `reading`. If work fails anywhere, throws once it has ended everywhere: the error of the one host
 * that failed, LVS-CONNECT-022 for an interrupt, or LVS-CONNECT-000 or LVS-FACT-000 with the errors of several.
 */
export async function onEachHost<T>(
  targets: readonly Target[],
  options: HostOptions,
  doing: string,
  work: (target: Target, options: HostOptions) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const { askSecret } = options;
  const jumpHosts = options.jumpHosts ?? new JumpHosts();
  const shared = { ...options, jumpHosts, ...(askSecret && { askSecret: askOnce(askSecret) }) };
  const limit = pLimit(options.parallel);
  const names = targets.map(({ name }) => name);
  const onDone = countHosts(doing, names, options.onStatus);
  const results = await Promise.allSettled(
    targets.map((target) =>
      limit(async () => [target.name, await work(target, optionsFor(target, shared))] as const).finally(() =>
        onDone(target.name),
      ),
    ),
  );
  options.onStatus?.(undefined);
  const errors = results.flatMap((result): readonly unknown[] => (result.status === "rejected" ? [result.reason] : []));
  if (errors.length > 0) throw together(errors, targets.length);
  return new Map(results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])));
}

/**
 * The same over a connection to each host, which is closed when its work ends. A read-only connection refuses everything
 * that would change the host.
 */
export function onEachConnection<T>(
  targets: readonly Target[],
  options: HostOptions,
  { isReadOnly, doing }: { readonly isReadOnly: boolean; readonly doing: string },
  work: (transport: Transport) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  return onEachHost(targets, options, doing, async (target, own) => {
    const transport = await connect(target.name, target.ssh, own);
    try {
      return await work(isReadOnly ? readOnly(transport) : transport);
    } finally {
      await transport.close();
    }
  });
}

function optionsFor({ sshConfig }: Target, options: HostOptions): HostOptions {
  return sshConfig === undefined ? options : { ...options, sshConfig };
}

/** One error for several hosts. An error that is not meant for users is our bug, and is never hidden behind another. */
function together(errors: readonly unknown[], hosts: number): unknown {
  const problems = errors.filter((error) => error instanceof LvsctlError);
  if (problems.length < errors.length) return errors.find((error) => !(error instanceof LvsctlError));
  const interrupt = problems.find((problem) => problem.code === "LVS-CONNECT-022");
  if (problems.length === 1 || interrupt) return interrupt ?? problems[0];
  const code = problems.every((problem) => problem.code.startsWith("LVS-CONNECT")) ? "LVS-CONNECT-000" : "LVS-FACT-000";
  return new LvsctlError(code, `${errors.length} of ${hosts} hosts failed; see above.`, { problems });
}
