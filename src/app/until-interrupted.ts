/** Work that an interrupt ends at once, because nothing depends on its end. */
import type { Transport } from "../transport/transport.ts";

/** The result of the work. Throws the signal's reason once it aborts; the work may then go on, and nobody hears of it. */
export async function untilInterrupted<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The same host; the signal ends its reads, with LVS-CONNECT-022. */
export function endedBy(transport: Transport, signal: AbortSignal | undefined): Transport {
  if (signal === undefined) return transport;
  return {
    host: transport.host,
    get execs() {
      return transport.execs;
    },
    read: (commands, options) => transport.read(commands, { ...options, signal }),
    run: (script, options) => transport.run(script, options),
    close: () => transport.close(),
  };
}
