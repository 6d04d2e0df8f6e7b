import type { LabUnderTest } from "./lab-under-test.ts";

/**
 * Who answers at each of these addresses, asked from a host one after the other, with connections closed by the server; `-`
 * if nobody does within two seconds on an average machine.
 */
export async function whoAnswers(
  lab: LabUnderTest,
  from: string,
  addresses: readonly string[],
): Promise<readonly string[]> {
  const ask = addresses.map(
    (address) =>
      `(curl -sS -g -H 'Connection: close' --max-time ${lab.seconds(2)} http://${address}/ 2>/dev/null || echo 'real server -') | sed -n 's/^real server //p'`,
  );
  return (await lab.on(from, ask.join("\n"))).trim().split("\n");
}

/**
 * As `whoAnswers`, for a service that verify sends no requests to: one of its real servers must answer each time; then the
 * service counts as shown.
 */
export async function realServersOf(
  lab: LabUnderTest,
  service: string,
  from: string,
  addresses: readonly string[],
): Promise<readonly string[]> {
  const answers = await whoAnswers(lab, from, addresses);
  lab.noteAnswered(service, addresses, answers);
  return answers;
}

/**
 * The names of those services that nobody answers within a second, all asked at once from a host. `services`: the address of
 * each, by name.
 */
export async function whoIsSilent(
  lab: LabUnderTest,
  from: string,
  services: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const ask = Object.entries(services).map(
    ([name, address]) => `{ curl -gs -o /dev/null --max-time ${lab.seconds(1)} http://${address}/ || echo ${name}; } &`,
  );
  const silent = (await lab.on(from, [...ask, "wait"].join("\n"))).split("\n");
  return Object.keys(services).filter((name) => silent.includes(name));
}
