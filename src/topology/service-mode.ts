import { dirname, resolve } from "node:path";
import { type Treatment, treatment } from "../network/treatment.ts";
import type { Service as ServiceFile } from "./generated/topology-file.ts";
import type { ModeSetting, Modes, ModeTraits, ModeUser } from "./mode-traits.ts";
import { testFrom } from "./service-test.ts";

/** The mode of one service, including the effect of the service's own settings. */
export interface ServiceMode extends Treatment {
  /** As written in the file: `dr`, or `./my-mode.yaml`. */
  readonly name: string;
  readonly traits: ModeTraits;
  /** Whether its services can be known by a firewall mark. */
  readonly takesMarks: boolean;
}

/** The mode of a service in the file. A playbook's path is relative to `topologyFile`. */
export function serviceMode(user: ModeUser, file: ServiceFile, topologyFile: string, modes: Modes): ServiceMode {
  const key = modeKey(file.mode, topologyFile);
  const traits = modes.traitsOf(key, user);
  const takesMarks = modes.takesMarks(key, user);
  const isOneWay = file.onePacket === true && testFrom(file.verify).type === "none";
  return { name: file.mode, traits, takesMarks, ...treatment(traits, (setting) => isSet(file, setting), isOneWay) };
}

/** What identifies a mode: its name, or the absolute path of its playbook. */
export function modeKey(mode: string, topologyFile: string): string {
  return mode.includes("/") ? resolve(dirname(topologyFile), mode) : mode;
}

/** Whether a service has a setting turned on. */
export function isSet(file: ServiceFile, setting: ModeSetting): boolean {
  const value = file[setting];
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}
