/** Why our lines in rc.local would not run, or cannot be replaced. */
import type { FileStatus } from "../file-facts.ts";
import type { Problem } from "../resource.ts";
import { stateFolder } from "../state-folder.ts";
import { doubtOf, unendedIn } from "./rc-local.ts";

/** What is known about rc.local on a host. */
export interface RcLocalFacts {
  /** The file that runs at boot on a host with neither systemd nor OpenRC. */
  readonly rcLocal: string;
  readonly rcLocalStatus: FileStatus | undefined;
  /** Empty if there is none. */
  readonly rcLocalText: string;
}

/** What a plan stops for, if it has to write our lines. `isThere`: some are in the file already. */
export function rcLocalProblem(facts: RcLocalFacts, topology: string, isThere: boolean): Problem | undefined {
  return (
    (isThere ? undefined : lifelessRcLocal(facts)) ?? unendedRcLocal(facts, topology) ?? endingRcLocal(facts, topology)
  );
}

/** We never make rc.local executable: somebody has switched its other lines off, and they would run along with ours. */
function lifelessRcLocal({ rcLocal, rcLocalStatus }: RcLocalFacts): Problem | undefined {
  if (rcLocalStatus === undefined || /[1357]/.test(rcLocalStatus.mode.slice(1))) return undefined;
  return {
    message: `Nothing of ours would start at boot: ${rcLocal} is not executable, and there is neither systemd nor OpenRC.`,
    hint: `See what is in it and make it executable (chmod +x ${rcLocal}), or write persist: false.`,
  };
}

/** To take lines away up to an end that is not there would take other people's. */
function unendedRcLocal({ rcLocal, rcLocalText }: RcLocalFacts, topology: string): Problem | undefined {
  const line = unendedIn(rcLocalText, topology);
  if (line === undefined) return undefined;
  return {
    message: `Lines of ours begin in line ${line} of ${rcLocal}, and it is unclear where they end.`,
    hint: `Delete what lvsctl has written there for ${topology}: the lines that begin and end with "# lvsctl ${topology}", and between them a call of ${stateFolder(topology)}. It is written again.`,
  };
}

/** Lines after an exit never run, and nobody would see it before the host restarts. */
function endingRcLocal({ rcLocal, rcLocalText }: RcLocalFacts, topology: string): Problem | undefined {
  const doubt = doubtOf(rcLocalText, topology);
  if (doubt === undefined) return undefined;
  return {
    message: `Lines of ours in ${rcLocal} might never run: ${doubt}.`,
    hint: `Put what is in it into a script of its own, and let ${rcLocal} only call that and end without an exit; or write persist: false.`,
  };
}
