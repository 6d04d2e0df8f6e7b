/** What PID 1 of a lab's hosts can be. */

import { constants, readdir } from "node:fs/promises";
import { join } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { exists } from "../transport/exists.ts";
import type { Engine } from "./engine.ts";
import type { InstalledSystemd } from "./systemd-host.ts";

/** `systemd`: this machine's, with what it needs to start, stop and restart a host. */
export type HostInit = "systemd";

const SYSTEMD = "/lib/systemd";

/**
 * Throws LVS-LAB-007 if the engine cannot have such hosts, and LVS-LAB-003 without the program. A kernel of their own is
 * needed, because systemd moves its processes between the kernel's control groups.
 */
export async function assertInit(init: HostInit, engine: Engine): Promise<void> {
  if (engine === "native") {
    throw new LvsctlError("LVS-LAB-007", `Hosts with ${init} need a kernel of their own, and the engine is native.`, {
      hint: "Delete --engine, or write --engine uml.",
    });
  }
  if (await exists(join(SYSTEMD, init), constants.X_OK)) return;
  throw new LvsctlError("LVS-LAB-003", `Hosts with ${init} run this machine's ${init}, and it is not here.`, {
    hint: `On Debian or Ubuntu: apt-get install ${init}`,
  });
}

/** What this machine's packages have given its systemd. */
export async function readInstalledSystemd(): Promise<InstalledSystemd> {
  const units = join(SYSTEMD, "system");
  const wants = (await readdir(units)).filter((name) => name.endsWith(".wants"));
  const [generators, ...wanted] = await Promise.all(
    [join(SYSTEMD, "system-generators"), ...wants.map((name) => join(units, name))].map((folder) => readdir(folder)),
  );
  return { wanted: wanted.flat(), generators: generators ?? [] };
}
