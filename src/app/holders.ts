/** Asks hosts who answers for addresses on their segments. */
import type { Hardware } from "../network/hardware.ts";
import { parseHolders, readHolders } from "../probes/holders.ts";
import type { Sessions } from "./sessions.ts";

/** An address, and the host and interface that ask who has it. */
export interface AskedAddress {
  readonly host: string;
  readonly device: string;
  readonly address: string;
}

/** The hardware addresses that answered, by address, with one exec per host; addresses that could not be asked are missing. */
export async function askHolders(
  sessions: Sessions,
  asked: readonly AskedAddress[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const answers = await Promise.all(
    [...new Set(asked.map(({ host }) => host))].map(async (host) => {
      const transport = await sessions.byHost.get(host)?.connection.transport();
      if (transport === undefined) return [];
      return [...parseHolders(await transport.read([readHolders(asked.filter((one) => one.host === host))]))];
    }),
  );
  return new Map(answers.flat());
}

/** The interfaces of every host, by hardware address. */
export function hardwareOf({ states }: Sessions): Hardware {
  return new Map([...states].map(([host, { surroundings }]) => [host, surroundings?.hardware ?? new Map()]));
}
