/** Why a program for packet filters or ARP filters that a host has is of no use there. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { failureOf } from "../shell/failure.ts";
import type { ReadOutput } from "../shell/read-script.ts";
import { type ModuleFacts, whyUnloadable } from "./module-loading.ts";
import { NOT_FOUND } from "./outputs.ts";

/** Why it is of no use. */
export interface Fault {
  /** A clause: `iptables-save fails there: Permission denied`. */
  readonly why: string;
  readonly hint: string;
  /** Whether it is sure to hold no rules. If not, nobody knows. */
  readonly isEmpty: boolean;
}

const RIGHTS_HINT =
  "If it is a container, give it the right to change its network: CAP_NET_ADMIN, with Docker --cap-add NET_ADMIN. If not, see what keeps root from it, such as SELinux or AppArmor.";
const KERNEL_HINT =
  "Have what it needs loaded into the kernel: nf_tables, or for legacy ip_tables, ip6_tables or arp_tables; in a container, on the machine that it runs on.";

/** The fault of a program that lists rules and has failed. */
export function failedFault(program: string, output: ReadOutput): Fault {
  const isEmpty = hasNoTables(output);
  const byHand = `Run ${program} there by hand and see what it says.`;
  const hint = isEmpty ? KERNEL_HINT : isRefusal(output) ? RIGHTS_HINT : byHand;
  return { why: `${program} fails there: ${failureOf(output)}`, hint, isEmpty };
}

/**
 * The fault of a legacy program without a table: it says nothing, and does not fail, where its module is not loaded. Asking
 * it for a table would load that, so what it would need is looked at. `isLoaded` undefined: the host did not say. `beside`:
 * what the other programs have printed.
 */
export function legacyFault(
  module: string,
  facts: ModuleFacts,
  isLoaded: boolean | undefined,
  beside: readonly ReadOutput[],
): Fault | undefined {
  const refusal = beside.find(isRefusal);
  if (facts.isBarred || refusal !== undefined) {
    const words = refusal === undefined ? "it has no CAP_NET_ADMIN" : failureOf(refusal);
    return { why: `the host may not change its filters: ${words}`, hint: RIGHTS_HINT, isEmpty: true };
  }
  const lack = isLoaded === false ? whyUnloadable(module, facts) : undefined;
  return (
    lack && { why: `the kernel module ${module} is not loaded, and ${lack.reason}`, hint: lack.hint, isEmpty: true }
  );
}

/** The error for a host whose rules nobody knows. */
export function unreadRules(program: string, host: string, { why, hint }: Fault): LvsctlError {
  const message = `The rules of ${program} on ${host} cannot be read: ${why}.`;
  return new LvsctlError("LVS-FACT-001", message, { host, hint: `${hint} Nothing is changed until they can be read.` });
}

/** A kernel without nf_tables, or without the tables of legacy, answers so, and has no such rules. */
export function hasNoTables({ status, stderr }: ReadOutput): boolean {
  return status === NOT_FOUND || (status !== 0 && /not supported|Invalid argument|Table does not exist/.test(stderr));
}

function isRefusal({ status, stderr }: ReadOutput): boolean {
  return status !== 0 && /Permission denied|not permitted|must be root/.test(stderr);
}
