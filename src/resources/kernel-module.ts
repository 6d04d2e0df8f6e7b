/** Kernel modules; a module built into the kernel counts as loaded. */
import { command, type ShellCommand } from "../shell/quote.ts";
import {
  dryRun,
  isBusyBox,
  type ModuleFacts,
  moduleFacts,
  parseRights,
  readRights,
  underscored,
  whyUnloadable,
} from "./module-loading.ts";
import { unloadScript } from "./module-use.ts";
import { outputOf } from "./outputs.ts";
import type { Change, ResourceKind, State, Step } from "./resource.ts";

/** A module that is loaded or built in. */
export interface KernelModuleState extends State {
  /** As under /sys/module: with underscores. */
  readonly name: string;
  /** The host can do without it. */
  readonly optional?: true;
}

const PROBE = "kernel-module-probe";
const LOADED = "kernel-module-loaded";
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
  fields: { name: true, optional: true },

  read: (states) => {
    const names = states.map(({ name }) => name);
    if (names.length === 0) return [];
    return [
      ...names.map((name) => ({ name: loaded(name), argv: ["test", "-d", `/sys/module/${name}`] })),
      dryRun(PROBE, names),
      readRights,
    ];
  },

  parse(outputs, states) {
    const probe = outputOf(outputs, PROBE);
    const facts = moduleFacts(probe, parseRights(outputs));
    const { hasModprobe, missing, loadable, failure } = facts;
    // A module that modprobe knows but has no file for is built in.
    const canTell = hasModprobe && failure === undefined && !isBusyBox(probe);
    const isBuiltIn = (name: string) => canTell && !missing.has(name) && !loadable.has(name);
    const isThere = ({ name, optional }: KernelModuleState) =>
      outputOf(outputs, loaded(name)).status === 0 || isBuiltIn(name) || (optional === true && missing.has(name));
    return {
      states: new Map(states.filter(isThere).map((state) => [state.name, state])),
      detail: facts,
    };
  },

  diff: () => [],

  bare: () => ({ states: new Map(), detail: { hasModprobe: true, missing: new Set(), loadable: new Set() } }),

  commands(changes) {
    const load = changes.filter(({ after }) => after !== undefined);
    const unload = changes.filter(({ after }) => after === undefined);
    return [...step(load, (names) => command("modprobe", "-a", ...names)), ...step(unload, unloadScript)];
  },

  problem({ name, optional }, { states, detail }) {
    if (states.has(name) || (optional && detail.failure === undefined)) return undefined;
    const lack = whyUnloadable(name, detail);
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

function step(
  changes: readonly Change<KernelModuleState>[],
  script: (names: readonly string[]) => ShellCommand,
): readonly Step<KernelModuleState>[] {
  return changes.length === 0 ? [] : [{ makes: changes, script: script(changes.map(({ key }) => key)) }];
}

function allMatches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([, match]) => match ?? []);
}
