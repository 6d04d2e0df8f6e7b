/** Kernel modules, or what is built into the kernel in their place. */
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { moduleUse } from "./module-use.ts";
import { NOT_FOUND, outputOf } from "./outputs.ts";
import { installHint } from "./packages.ts";
import type { Change, ResourceKind, State, Step } from "./resource.ts";

export interface KernelModuleState extends State {
  /** As under /sys/module: with underscores. */
  readonly name: string;
  /** The host may do without it. */
  readonly optional?: true;
}

/** What is known of the modules that are not there. */
export interface ModuleFacts {
  readonly hasModprobe: boolean;
  /** Those of which modprobe says that this kernel has none. */
  readonly missing: ReadonlySet<string>;
}

const PROBE = "kernel-module-probe";
const loaded = (name: string) => `kernel-module-loaded-${name}`;

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
    ];
  },

  parse(outputs, states) {
    const probe = outputOf(outputs, PROBE);
    const hasModprobe = probe.status !== NOT_FOUND;
    const missing = new Set(allMatches(probe.stderr, /Module (\S+) not found/g).map(underscored));
    const loadable = new Set(allMatches(probe.stdout, /^insmod \S*\/([^/\s]+?)\.ko\b/gm).map(underscored));
    // A module that modprobe knows and has no file for is built in; BusyBox's modprobe has no dry run and says nothing.
    const isBuiltIn = (name: string) =>
      hasModprobe && !/BusyBox/.test(probe.stderr) && !missing.has(name) && !loadable.has(name);
    const isThere = ({ name, optional }: KernelModuleState) =>
      outputOf(outputs, loaded(name)).status === 0 || isBuiltIn(name) || (optional === true && missing.has(name));
    return {
      states: new Map(states.filter(isThere).map((state) => [state.name, state])),
      detail: { hasModprobe, missing },
    };
  },

  diff: () => [],

  commands(changes) {
    const load = changes.filter(({ after }) => after !== undefined);
    const unload = changes.filter(({ after }) => after === undefined);
    return [...step(load, (names) => command("modprobe", "-a", ...names)), ...step(unload, unloadScript)];
  },

  problem({ name, optional }, { states, detail }) {
    if (optional || states.has(name)) return undefined;
    if (!detail.hasModprobe) {
      return {
        message: `The kernel module ${name} is not loaded, and there is no modprobe to load it.`,
        hint: `${installHint("modprobe")} In a container, load the module on the machine that the container runs on.`,
      };
    }
    if (!detail.missing.has(name)) return undefined;
    return {
      message: `The kernel has no module ${name}.`,
      hint:
        "Install the rest of the kernel's modules (linux-modules-extra on Ubuntu, kernel-modules or kernel-modules-extra on " +
        "RHEL and Fedora, linux-image-amd64 in place of the cloud kernel on Debian), restart into the newest kernel " +
        "installed, or do without what needs the module.",
    };
  },

  whenChangedByOthers: "leave",
  describe: ({ name }) => `kernel module ${name}`,
};

function step(
  changes: readonly Change<KernelModuleState>[],
  script: (names: readonly string[]) => ShellCommand,
): readonly Step<KernelModuleState>[] {
  return changes.length === 0 ? [] : [{ makes: changes, script: script(changes.map(({ key }) => key)) }];
}

/** What is in use stays loaded: the kernel refuses to let go of most of it, and for the rest we look. */
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
