/** Ledgers as commands show them: with a line for people beside each entry. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { Salvage } from "./salvage.ts";

/** An entry in words, one line each. */
export interface DescribedEntry extends LedgerEntry {
  /** What we set. */
  readonly description: string;
  /** What was there before; absent where there was nothing. */
  readonly originalDescription?: string;
}

/** The ledger of one topology as it was found on a host. */
export interface HostLedger {
  readonly host: string;
  readonly path: string;
  /** Undefined: there is no ledger, or `problem` says why it cannot be used. */
  readonly entries: readonly DescribedEntry[] | undefined;
  readonly problem: LvsctlError | undefined;
  /** Other topologies that have a ledger on the host. */
  readonly others: readonly string[];
}

/** The ledgers on all hosts of a topology. */
export interface Ledgers {
  readonly topology: string;
  readonly hosts: readonly HostLedger[];
}

/** A damaged ledger, and the one that would replace it. */
export interface RepairProposal extends Record<Exclude<keyof Salvage, "unclear">, readonly DescribedEntry[]> {
  readonly host: string;
  readonly path: string;
  readonly problem: LvsctlError;
  /** What is left out, one line each. */
  readonly unclear: readonly string[];
  /** Lines of the damaged ledger, as they stand there. */
  readonly unreadable: readonly string[];
  /** Where the damaged ledger is kept. */
  readonly keptAs: string;
  /** Whether the topology's file was there to say what it wants on the host. */
  readonly hasDesired: boolean;
}
