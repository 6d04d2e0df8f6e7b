/** What PID 1 of a lab's hosts can be. */

import { constants, readdir } from "node:fs/promises";
import { join } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { exists } from "../transport/exists.ts";
import type { Engine } from "./engine.ts";
import { type FetchOptions, fetchedRoots, fetchUnpacked } from "./fetched-packages.ts";
import type { InitFiles } from "./init-files.ts";
import { openrcFiles } from "./openrc-host.ts";
import { type InstalledSystemd, systemdFiles } from "./systemd-host.ts";

/** `systemd`: this machine's. `openrc`: Debian's, which is downloaded once and not installed. */
export type HostInit = "systemd" | "openrc";

const SYSTEMD = "/lib/systemd";

/** Throws LVS-LAB-007 with the engine native: systemd moves its processes between control groups, which are the kernel's. */
export function assertInit(init: HostInit, engine: Engine): void {
  if (engine !== "native") return;
  throw new LvsctlError("LVS-LAB-007", `Hosts with ${init} need a kernel of their own, and the engine is native.`, {
    hint: "Delete --engine, or write --engine uml.",
  });
}

/** What the init adds to hosts. Throws LVS-LAB-003 if it is not here and cannot be fetched. */
export async function initFiles(init: HostInit, options: FetchOptions): Promise<InitFiles> {
  return init === "systemd" ? systemdFiles(await readInstalledSystemd()) : openrcFiles(await openrcRoot(options));
}

/** What this machine's packages have given its systemd. */
async function readInstalledSystemd(): Promise<InstalledSystemd> {
  if (!(await exists(join(SYSTEMD, "systemd"), constants.X_OK))) {
    throw new LvsctlError("LVS-LAB-003", "Hosts with systemd run this machine's systemd, and it is not here.", {
      hint: "On Debian or Ubuntu: apt-get install systemd",
    });
  }
  const units = join(SYSTEMD, "system");
  const wants = (await readdir(units)).filter((name) => name.endsWith(".wants"));
  const [generators, ...wanted] = await Promise.all(
    [join(SYSTEMD, "system-generators"), ...wants.map((name) => join(units, name))].map((folder) => readdir(folder)),
  );
  return { wanted: wanted.flat(), generators: generators ?? [] };
}

async function openrcRoot(options: FetchOptions): Promise<string> {
  const [here] = await fetchedRoots("openrc");
  if (here !== undefined) return here;
  const fetched = await fetchUnpacked("openrc", "./fetch-openrc.sh", options);
  if (!("error" in fetched)) return fetched.root;
  throw new LvsctlError("LVS-LAB-003", "OpenRC is not here, and it could not be fetched with apt-get.", {
    hint: "On Debian or Ubuntu: see that `apt-get download openrc` works. Or write --init systemd.",
    output: fetched.error,
  });
}
