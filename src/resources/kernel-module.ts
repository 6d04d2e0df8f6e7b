/** Kernel modules; a module built into the kernel counts as loaded. */
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { moduleUse } from "./module-use.ts";
import { NOT_FOUND, outputOf } from "./outputs.ts";
import { installHint, modulesHint } from "./packages.ts";
import type { Change, ResourceKind, State, Step } from "./resource.ts";

/** A module that is loaded or built in. */
export interface KernelModuleState extends State {
  /** As under /sys/module: with underscores. */
  readonly name: string;
  /** The host can do without it. */
  readonly optional?: true;
}

/** What was found about loading modules on a host. */
export interface ModuleFacts {
  readonly hasModprobe: boolean;
  /** Modules that modprobe cannot find for this kernel. */
  readonly missing: ReadonlySet<string>;
  /** As in `uname -r`; undefined if /proc does not say. */
  readonly release?: string;
  /** Why this host cannot load any module. */
  readonly lock?: "kernel" | "container";
}

const PROBE = "kernel-module-probe";
const LOADED = "kernel-module-loaded";
const RIGHTS = "kernel-module-rights";
const STATUS_FILE = "/proc/self/status";
const RELEASE_FILE = "/proc/sys/kernel/osrelease";
const DISABLED_FILE = "/proc/sys/kernel/modules_disabled";
/** CAP_SYS_MODULE among a process's capabilities. Source: capabilities(7). */
const MAY_LOAD = 1n << 16n;
const loaded = (name: string) => `kernel-module-loaded-${name}`;

/**
 * Kernel modules. They are loaded, and unloaded again only if we loaded them and nothing uses them. Source:
 * modprobe(8).
 */
export const kernelModule: ResourceKind<KernelModuleState, ModuleFacts> = {
  kind: "kernel-module",
  schema: {
    type: "object",
    required: ["name"],
    additionalProperties: false,
    properties: {
      name: {
        type: "string",
        pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,54}$",
        description: "The module's own name, not an alias: ip_vs_rr.",
      },
      optional: {
        type: "boolean",
        description: "Whether the host may do without it: it is loaded where the kernel has it. Default: false.",
      },
    },
  },

  resolve: ({ name, optional }) => [{ name: underscored(String(name)), ...(optional === true ? { optional } : {}) }],
  key: ({ name }) => name,

  read: (states) => {
    const names = states.map(({ name }) => name);
    if (names.length === 0) return [];
    return [
      ...names.map((name) => ({ name: loaded(name), argv: ["test", "-d", `/sys/module/${name}`] })),
      { name: PROBE, argv: ["modprobe", "-n", "-v", "-a", ...names] },
      {
        name: RIGHTS,
        argv: ["grep", "-H", "-e", "^CapEff:", "-e", "^[0-9]", STATUS_FILE, RELEASE_FILE, DISABLED_FILE],
      },
    ];
  },

  parse(outputs, states) {
    const probe = outputOf(outputs, PROBE);
    const hasModprobe = probe.status !== NOT_FOUND;
    const missing = new Set(allMatches(probe.stderr, /Module (\S+) not found/g).map(underscored));
    const loadable = new Set(allMatches(probe.stdout, /^insmod \S*\/([^/\s]+?)\.ko\b/gm).map(underscored));
    // A module that modprobe knows but has no file for is built in. BusyBox's modprobe has no dry run, so it cannot tell.
    const isBuiltIn = (name: string) =>
      hasModprobe && !/BusyBox/.test(probe.stderr) && !missing.has(name) && !loadable.has(name);
    const isThere = ({ name, optional }: KernelModuleState) =>
      outputOf(outputs, loaded(name)).status === 0 || isBuiltIn(name) || (optional === true && missing.has(name));
    return {
      states: new Map(states.filter(isThere).map((state) => [state.name, state])),
      detail: { hasModprobe, missing, ...rightsFrom(outputOf(outputs, RIGHTS).stdout) },
    };
  },

  diff: () => [],

  bare: () => ({ states: new Map(), detail: { hasModprobe: true, missing: new Set() } }),

  commands(changes) {
    const load = changes.filter(({ after }) => after !== undefined);
    const unload = changes.filter(({ after }) => after === undefined);
    return [...step(load, (names) => command("modprobe", "-a", ...names)), ...step(unload, unloadScript)];
  },

  problem({ name, optional }, { states, detail }) {
    if (optional || states.has(name)) return undefined;
    const lack = reasonFor(name, detail);
    return lack && { message: `The kernel module ${name} is not loaded, and ${lack.reason}.`, hint: lack.hint };
  },

  comesBack: "kernel modules",
  // Loaded modules only; there is no end of built-in ones.
  list: {
    read: () => [{ name: LOADED, argv: ["cat", "/proc/modules"] }],
    parse: (outputs) => allMatches(outputOf(outputs, LOADED).stdout, /^(\S+) /gm).map((name) => ({ name })),
  },
  whenChangedByOthers: "leave",
  describe: ({ name }) => `kernel module ${name}`,
};

/** Why a missing module cannot be loaded; undefined if it can. */
function reasonFor(name: string, { hasModprobe, missing, release, lock }: ModuleFacts) {
  const outside = `modprobe ${name} on the machine that the container runs on.`;
  if (!hasModprobe) {
    return {
      reason: "there is no modprobe to load it",
      hint: `${installHint("modprobe")} In a container, run ${outside}`,
    };
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

function rightsFrom(text: string): Pick<ModuleFacts, "release" | "lock"> {
  const values = new Map(text.split("\n").map((line) => [line.slice(0, line.indexOf(":")), afterColon(line)]));
  const release = values.get(RELEASE_FILE);
  const rights = /^CapEff:\s*([0-9a-f]+)$/.exec(values.get(STATUS_FILE) ?? "")?.[1];
  const isContainer = rights !== undefined && (BigInt(`0x${rights}`) & MAY_LOAD) === 0n;
  const lock = values.get(DISABLED_FILE) === "1" ? "kernel" : isContainer ? "container" : undefined;
  return { ...(release === undefined ? {} : { release }), ...(lock === undefined ? {} : { lock }) };
}

function afterColon(line: string): string {
  return line.slice(line.indexOf(":") + 1).trim();
}

function step(
  changes: readonly Change<KernelModuleState>[],
  script: (names: readonly string[]) => ShellCommand,
): readonly Step<KernelModuleState>[] {
  return changes.length === 0 ? [] : [{ makes: changes, script: script(changes.map(({ key }) => key)) }];
}

/** Modules in use stay loaded. The kernel refuses to unload most of them; for the rest we check ourselves. */
function unloadScript(names: readonly string[]): ShellCommand {
  const simple = names.filter((name) => moduleUse(name) === undefined);
  const parts = names.flatMap((name) => {
    const use = moduleUse(name);
    return use === undefined ? [] : [sh`[ -n "$(${raw(use)})" ] || rmmod ${name} 2>/dev/null || :`];
  });
  const rest = simple.length === 0 ? [] : [sh`${raw(command("rmmod", ...simple))} 2>/dev/null || :`];
  return [...parts, ...rest].join("\n") as ShellCommand;
}

function underscored(name: string): string {
  return name.replaceAll("-", "_");
}

function allMatches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([, match]) => match ?? []);
}
