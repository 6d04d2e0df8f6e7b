import type { LabUnderTest } from "./lab-under-test.ts";

/** Who answers on each of these addresses, asked from a host one after the other, the server closing each connection; `-` where nobody does in two seconds. */
export async function whoAnswers(
  lab: LabUnderTest,
  from: string,
  addresses: readonly string[],
): Promise<readonly string[]> {
  const ask = addresses.map(
    (address) =>
      `(curl -sS -g -H 'Connection: close' --max-time 2 http://${address}/ 2>/dev/null || echo 'real server -') | sed -n 's/^real server //p'`,
  );
  return (await lab.on(from, ask.join("\n"))).trim().split("\n");
}
