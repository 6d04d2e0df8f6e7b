/** Collects what a program prints. */
import type { Readable } from "node:stream";

/** What a program has printed, decoded as UTF-8. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Collects both streams; the returned function gives what has come so far. Beyond 64 MiB together, chunks are dropped and
 * `tooMuch` is called for each of them.
 */
export function collectOutput(
  streams: { readonly stdout: Readable; readonly stderr: Readable },
  tooMuch: () => void,
): () => Printed {
  let size = 0;
  const gather = (stream: Readable) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BYTES) tooMuch();
      else chunks.push(chunk);
    });
    return () => Buffer.concat(chunks).toString("utf8");
  };
  const [stdout, stderr] = [gather(streams.stdout), gather(streams.stderr)];
  return () => ({ stdout: stdout(), stderr: stderr() });
}
