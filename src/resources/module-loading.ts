/** Whether a host can load kernel modules that it lacks, and what it may do to its network. */
import { failureOf } from "../shell/failure.ts";
import type { ReadCommand, ReadOutput, ReadOutputs } from "../shell/read-script.ts";
import { NOT_FOUND, outputOf } from "./outputs.ts";
import { installHint, modulesHint } from "./packages.ts";

/** What the processes of a login may do. */
export interface Rights {
  /** As in `uname -r`; undefined if /proc does not say. */
  readonly release?: string;
  /** Why this host cannot load any module. */
  readonly lock?: "kernel" | "container";
  /** It may not change the network, packet filters included. */
  readonly isBarred?: true;
}

/** What was found about loading modules on a host. */
export interface ModuleFacts extends Rights {
  readonly hasModprobe: boolean;
  /** Modules that modprobe cannot find for this kernel. */
  readonly missing: ReadonlySet<string>;
  /** Modules that it would load. */
  readonly loadable: ReadonlySet<string>;
  /** What it says where it fails for another reason than a missing module. */
  readonly failure?: string;
}

const RIGHTS = "kernel-module-rights";
const STATUS_FILE = "/proc/self/status";
const RELEASE_FILE = "/proc/sys/kernel/osrelease";
const DISABLED_FILE = "/proc/sys/kernel/modules_disabled";

/** CAP_NET_ADMIN and CAP_SYS_MODULE among a process's capabilities. Source: capabilities(7). */
const MAY_ADMINISTER = 1n << 12n;
const MAY_LOAD = 1n << 16n;

/** Reads what the login may do. */
export const readRights: ReadCommand = {
  name: RIGHTS,
  argv: ["grep", "-H", "-e", "^CapEff:", "-e", "^[0-9]", STATUS_FILE, RELEASE_FILE, DISABLED_FILE],
};

/** Parses it; what the host does not say, it may do. */
export function parseRights(outputs: ReadOutputs): Rights {
  const lines = outputOf(outputs, RIGHTS).stdout.split("\n");
  const values = new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), afterColon(line)]));
  const release = values.get(RELEASE_FILE);
  const rights = /^CapEff:\s*([0-9a-f]+)$/.exec(values.get(STATUS_FILE) ?? "")?.[1];
  const lacks = (right: bigint) => rights !== undefined && (BigInt(`0x${rights}`) & right) === 0n;
  const lock = values.get(DISABLED_FILE) === "1" ? "kernel" : lacks(MAY_LOAD) ? "container" : undefined;
  return {
    ...(release === undefined ? {} : { release }),
    ...(lock === undefined ? {} : { lock }),
    ...(lacks(MAY_ADMINISTER) ? { isBarred: true } : {}),
  };
}

/** The command that tries to load modules without doing so; `moduleFacts` parses what it printed. */
export function dryRun(name: string, modules: readonly string[]): ReadCommand {
  return { name, argv: ["modprobe", "-n", "-v", "-a", ...modules] };
}

/** What the dry run and the rights say. */
export function moduleFacts(tried: ReadOutput, rights: Rights): ModuleFacts {
  const { stdout, stderr, status } = tried;
  const named = (text: string, pattern: RegExp) =>
    new Set([...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [underscored(name)])));
  const missing = named(stderr, /Module (\S+) not found/g);
  const loadable = named(stdout, /^insmod \S*\/([^/\s]+?)\.ko\b/gm);
  const hasFailed = status !== 0 && status !== NOT_FOUND && missing.size === 0 && !isBusyBox(tried);
  const failure = hasFailed ? { failure: failureOf(tried) } : {};
  return { hasModprobe: status !== NOT_FOUND, missing, loadable, ...failure, ...rights };
}

/** BusyBox's modprobe has no dry run, so it cannot tell. */
export function isBusyBox({ stderr }: ReadOutput): boolean {
  return /BusyBox/.test(stderr);
}

/** Why a missing module cannot be loaded, and what to do; undefined if it can. */
export function whyUnloadable(
  name: string,
  { hasModprobe, missing, loadable, failure, release, lock }: ModuleFacts,
): { readonly reason: string; readonly hint: string } | undefined {
  const outside = `modprobe ${name} on the machine that the container runs on.`;
  if (!hasModprobe) {
    return {
      reason: "there is no modprobe to load it",
      hint: `${installHint("modprobe")} In a container, run ${outside}`,
    };
  }
  if (failure !== undefined && !loadable.has(name)) {
    return { reason: `modprobe fails there: ${failure}`, hint: `See there why modprobe -n -v ${name} fails.` };
  }
  if (missing.has(name)) {
    const kernel = release === undefined ? "the kernel" : `the kernel ${release}`;
    const isScheduler = /^ip_vs_[a-z]{2,5}$/.test(name);
    const instead = isScheduler ? "choose another scheduler" : "do without what needs the module";
    return { reason: `${kernel} has none of that name`, hint: `${modulesHint(release)}, or ${instead}.` };
  }
  if (lock === "kernel") {
    const hint = `Have it loaded at boot, before that is set: write ${name} into /etc/modules-load.d/ipvs.conf and restart.`;
    return { reason: "this kernel loads no more modules: kernel.modules_disabled is 1", hint };
  }
  return lock && { reason: "this host may not load modules: it is a container", hint: `Run ${outside}` };
}

/** A module's name as under /sys/module. */
export function underscored(name: string): string {
  return name.replaceAll("-", "_");
}

function afterColon(line: string): string {
  return line.slice(line.indexOf(":") + 1).trim();
}
