/** Flags that say what a plan may do. */
import { InvalidArgumentError } from "commander";
import type { HostOptions } from "../../app/host-options.ts";
import type { PlanOptions } from "../../app/plan.ts";
import { defineGroup } from "../command.ts";
import { listOf, on, value } from "../parameter.ts";
import { defined } from "./defined.ts";

/** Whether a plan may change how the hosts are reached. */
export const managementFlags = defineGroup({
  parameters: {
    allowManagementChange: on(
      "--allow-management-change",
      "make changes that could break lvsctl's own logins; a new login has to confirm them",
    ),
  },
  options: (values): Pick<PlanOptions, "allowManagementChange"> => values,
});

/** Whether a plan may take over what others made. */
export const adoptFlags = defineGroup({
  parameters: {
    adopt: on("--adopt", "take ownership of existing configuration; destroy restores it"),
  },
  options: (values): Pick<PlanOptions, "adopt"> => values,
});

/** Hosts that have left the file. */
export const removalFlags = defineGroup({
  parameters: {
    forget: value("--forget <host,…>", "forget hosts that are no longer in the file and are gone for good", listOf),
  },
  options: ({ forget }): Pick<PlanOptions, "forget"> => defined({ forget }),
});

/** Where to find hosts once a run has changed their addresses. */
export const confirmFlags = defineGroup({
  parameters: {
    confirmAt: {
      spelling: "--confirm-at <host=address>",
      summary: "log in to this host at another address once the run is done (can be repeated)",
      namesOf: "managed-hosts",
      read: (given: readonly string[]) => (given.length === 0 ? undefined : places(given)),
    },
  },
  options: ({ confirmAt }): Pick<HostOptions, "confirmAt"> => defined({ confirmAt }),
});

/**
 * Addresses by host, each given as `rs1=10.0.0.7`. Throws an InvalidArgumentError for any other form and for a host named
 * twice.
 */
function places(texts: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const text of texts) {
    const [, host, address] = /^([^=\s]+)=([^=\s-][^=\s]*)$/.exec(text) ?? [];
    if (host === undefined || address === undefined) {
      throw new InvalidArgumentError(
        "It takes a host of the topology and an address or an alias of ssh_config: rs1=10.0.0.7.",
      );
    }
    if (found.has(host)) throw new InvalidArgumentError(`${host} is named twice.`);
    found.set(host, address);
  }
  return found;
}
