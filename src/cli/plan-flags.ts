/** Flags that say what a plan may do, and what they mean to the layer below. */
import { type Command, InvalidArgumentError } from "commander";
import type { HostOptions } from "../app/host-options.ts";
import type { PlanOptions } from "../app/plan.ts";

export interface PlanFlags {
  readonly allowManagementChange?: boolean;
  readonly adopt?: boolean;
}

export interface ConfirmFlags {
  readonly confirmAt?: ReadonlyMap<string, string>;
}

/** Adds the flags of `plan`, which says what `apply` would do with them. */
export function withPlanFlags(command: Command): Command {
  return withAdoptFlag(withManagementFlag(command));
}

/** Adds the flags of `apply`. */
export function withApplyFlags(command: Command): Command {
  return withAdoptFlag(withConfirmFlag(withManagementFlag(command)));
}

/** Adds the flags of `destroy`, which takes nothing over. */
export function withDestroyFlags(command: Command): Command {
  return withConfirmFlag(withManagementFlag(command));
}

export function planChoices({
  allowManagementChange,
  adopt,
}: PlanFlags): Pick<PlanOptions, "allowManagementChange" | "adopt"> {
  return {
    ...(allowManagementChange ? { allowManagementChange } : {}),
    ...(adopt ? { adopt } : {}),
  };
}

export function confirmOptions({ confirmAt }: ConfirmFlags): Pick<HostOptions, "confirmAt"> {
  return confirmAt === undefined ? {} : { confirmAt };
}

function withManagementFlag(command: Command): Command {
  return command.option(
    "--allow-management-change",
    "make changes that could cut off lvsctl's own logins; a new login has to confirm them",
  );
}

function withAdoptFlag(command: Command): Command {
  return command.option("--adopt", "take over what somebody else has made; destroy puts it back as it was");
}

function withConfirmFlag(command: Command): Command {
  return command.option(
    "--confirm-at <host=address>",
    "log in to this host at another address once the run is done (can be repeated)",
    place,
  );
}

function place(text: string, known: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const [, host, address] = /^([^=\s]+)=([^=\s-][^=\s]*)$/.exec(text) ?? [];
  if (host === undefined || address === undefined) {
    throw new InvalidArgumentError(
      "It takes a host of the topology and an address or an alias of ssh_config: rs1=10.0.0.7.",
    );
  }
  if (known.has(host)) throw new InvalidArgumentError(`${host} is named twice.`);
  return new Map([...known, [host, address]]);
}
