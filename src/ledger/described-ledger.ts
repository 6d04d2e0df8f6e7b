/** Ledgers as commands show them: each entry with a description. */
import type { LvsctlError } from "../errors/lvsctl-error.ts";
import type { KnownHost } from "./known-host.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { Salvage } from "./salvage.ts";

/** An entry with its states in words, one line each. */
export interface DescribedEntry extends LedgerEntry {
  /** What we set. */
  readonly description: string;
  /** What was there before; absent if there was nothing. */
  readonly originalDescription?: string;
}

/** One topology's ledger as found on a host. */
export interface HostLedger {
  readonly host: string;
  readonly path: string;
  /** Undefined if there is no ledger, or if `problem` says why it cannot be used. */
  readonly entries: readonly DescribedEntry[] | undefined;
  readonly problem: LvsctlError | undefined;
  /** Other topologies with a ledger on the host. */
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
  /** What the new ledger leaves out, one line each. */
  readonly unclear: readonly string[];
  /** The other hosts of the topology, as far as the damaged ledger can be read. */
  readonly hosts: readonly KnownHost[];
  /** Lines of the damaged ledger, verbatim. */
  readonly unreadable: readonly string[];
  /** Where the damaged ledger is kept. */
  readonly keptAs: string;
  /** Whether the topology's file was there to compare with. */
  readonly hasDesired: boolean;
}
