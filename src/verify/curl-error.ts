/** What curl says about a request that failed, in our words: its own name the place where it looked, not what happened. Pure. */

/** Whether the request was given up because of `--max-time`, wherever it was at the time: even waiting for its turn. */
export function isTimeout(said: string): boolean {
  return /^\(28\)/.test(said) || /timed? ?out|with timeout/i.test(said);
}

const MEANINGS: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [/HTTP\/0\.9/, "what answered does not speak HTTP"],
  [/No route to host/i, "no route to the host"],
  [/Network is unreachable/i, "network unreachable"],
  [/Permission denied|Operation not permitted/i, "forbidden by the sender's own routes or firewall"],
  [/refused/i, "connection refused"],
  // Which of these it was, newer curls say only with -v: `Couldn't connect to server`.
  [/^\(7\)/, "no connection: refused, or no route"],
  [/^\(52\)|Empty reply/, "the connection was closed without an answer"],
  [/reset by peer/i, "the connection was reset"],
  [
    /wrong version number|unknown protocol|http request|record layer|packet length/i,
    "what answered does not speak TLS",
  ],
];

/** One line that curl has printed after `curl: `, translated: `timed out after 5 s`, `connection refused`. */
export function curlError(said: string, timeoutSeconds: number): string {
  if (isTimeout(said)) return `timed out after ${timeoutSeconds} s`;
  const [, meaning] = MEANINGS.find(([pattern]) => pattern.test(said)) ?? [];
  return (
    meaning ??
    said
      .replace(/^\(\d+\) /, "")
      .replace(/ after \d+ (ms|milliseconds)/, "")
      .trim()
  );
}
