/** What the real servers of a director have open, and what they have had: the reads, and what they print. Changes nothing. */
import { type Connections, type Counters, parseConnections, parseCounters } from "../lvs/ipvsadm-list.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import { IPVS_TABLE_FILE, IPVSADM } from "./ipvs.ts";
import { notUnderstood, requireOutput } from "./outputs.ts";

/** A read of the IPVS table, which is not made where ip_vs is not loaded. */
export interface IpvsRead<T> extends ReadCommand {
  /**
   * What it printed, by `destinationKey`; nothing where ip_vs is not loaded. Throws LVS-FACT-002 where the host has no
   * ipvsadm, LVS-FACT-001 where that failed or printed what is not understood.
   */
  parse(outputs: ReadOutputs, host: string): ReadonlyMap<string, T>;
}

/** The connections that each real server has now. */
export const ipvsConnections: IpvsRead<Connections> = ipvsRead(
  "ipvs-connections",
  ["ipvsadm", "-L", "-n"],
  parseConnections,
);

/** What each service (by `serviceKey`) and real server has had since it was entered. */
export const ipvsCounters: IpvsRead<Counters> = ipvsRead(
  "ipvs-counters",
  ["ipvsadm", "-L", "-n", "--stats", "--exact"],
  parseCounters,
);

function ipvsRead<T>(
  name: string,
  argv: readonly string[],
  parse: (text: string) => ReadonlyMap<string, T>,
): IpvsRead<T> {
  return {
    ...{ name, argv, onlyIf: IPVS_TABLE_FILE },
    parse: (outputs, host) => {
      if (!outputs.has(name)) return new Map();
      const text = requireOutput(outputs, name, host, IPVSADM);
      try {
        return parse(text);
      } catch (error) {
        throw error instanceof SyntaxError ? notUnderstood(host, IPVSADM.name, error.message) : error;
      }
    },
  };
}
