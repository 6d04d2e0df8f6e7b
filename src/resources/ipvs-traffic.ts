/** Connections and counters of a director's real servers: the read commands and their parsers. Changes nothing. */
import { type Connections, type Counters, parseConnections, parseCounters } from "../lvs/ipvsadm-list.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import { IPVS_TABLE_FILE, IPVSADM } from "./ipvs.ts";
import { notUnderstood, requireOutput } from "./outputs.ts";

/** A read of the IPVS table; skipped if ip_vs is not loaded. */
export interface IpvsRead<T> extends ReadCommand {
  /**
   * The parsed output, by `destinationKey`; empty if ip_vs is not loaded. Throws LVS-FACT-002 if the host has no ipvsadm,
   * LVS-FACT-001 if ipvsadm failed or printed something we do not understand.
   */
  parse(outputs: ReadOutputs, host: string): ReadonlyMap<string, T>;
}

/** The current connections of each real server. */
export const ipvsConnections: IpvsRead<Connections> = ipvsRead(
  "ipvs-connections",
  ["ipvsadm", "-L", "-n"],
  parseConnections,
);

/** The counters of each service (by `serviceKey`) and real server since it was added. */
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
