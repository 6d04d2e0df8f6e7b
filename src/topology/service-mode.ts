import { dirname, resolve } from "node:path";
import type { Service as ServiceFile } from "./generated/topology-file.ts";
import type { ModeSetting, Modes, ModeTraits, ModeUser, RewrittenPart } from "./mode-traits.ts";

/** The mode of one service, including the effect of the service's own settings. */
export interface ServiceMode {
  /** As written in the file: `dr`, or `./my-mode.yaml`. */
  readonly name: string;
  readonly traits: ModeTraits;
  /** Whether the director changes this part of the service's requests; undefined where the mode does not say. */
  rewrites(part: RewrittenPart): boolean | undefined;
}

/** The mode of a service in the file. A playbook's path is relative to `topologyFile`. */
export function serviceMode(user: ModeUser, file: ServiceFile, topologyFile: string, modes: Modes): ServiceMode {
  const traits = modes.traitsOf(modeKey(file.mode, topologyFile), user);
  return {
    name: file.mode,
    traits,
    rewrites(part) {
      if (traits.rewrites === undefined) return undefined;
      const when = traits.rewrites[part];
      return when !== undefined && (when === "always" || isSet(file, when));
    },
  };
}

/** What identifies a mode: its name, or the absolute path of its playbook. */
export function modeKey(mode: string, topologyFile: string): string {
  return mode.includes("/") ? resolve(dirname(topologyFile), mode) : mode;
}

/** Whether a service has a setting turned on. */
export function isSet(file: ServiceFile, setting: ModeSetting): boolean {
  return file[setting] !== undefined && file[setting] !== false;
}
