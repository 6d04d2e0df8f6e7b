/**
 * Restores the confirmed state at boot: by our own unit for systemd or OpenRC, or by lines in rc.local. It runs a script
 * that each confirmed run replaces, and does nothing until there is one.
 */
import { posix } from "node:path";
import { LAST_LINE } from "../shell/host-script-parts.ts";
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { askedMarks } from "./boot/asks.ts";
import {
  type BootManager,
  OPENRC_PROGRAMS,
  RC_LOCALS,
  rcLocalBlock,
  SYSTEMD_RUNS,
  unitFiles,
} from "./boot/boot-manager.ts";
import { control } from "./boot/control.ts";
import { IN_RUN, leaveWord, onceConfirmed } from "./boot/in-run.ts";
import { type FolderInMemory, foldersInMemory, memoryCaveats, storage } from "./boot/memory.ts";
import { blockIn, insertScript, isBehindEnd, removeScript } from "./boot/rc-local.ts";
import { type RcLocalFacts, rcLocalProblem } from "./boot/rc-local-problems.ts";
import { type RestoreHook, RULE_SERVICES, restoreHooks, scriptFolders } from "./boot/restore-hooks.ts";
import { isUfwAlone, ufwCaveat, ufwSettings } from "./boot/ufw.ts";
import { type FileStatus, parseFileStatus, parseHeads, STATUS_FORMAT } from "./file-facts.ts";
import { outputOf, partialOutput } from "./outputs.ts";
import { type Change, oneByOne, type Problem, type ResourceKind, type State } from "./resource.ts";
import { ASKED_FOLDER, restorePath } from "./state-folder.ts";

/**
 * Whether the restore script of a topology runs at boot. The unit files' text follows from the topology's name, so the
 * state only says whether it is right. The script's text is the run's affair, which writes it with the ledger.
 */
export interface BootUnitState extends State {
  readonly topology: string;
  readonly text: "as planned" | "changed";
  /** Whether it is started at boot. */
  readonly enabled: boolean;
  /** A script that is not there yet is whole. One that others than root could have written is damaged. */
  readonly script: "whole" | "damaged";
  /** Only a service that counts as started brings back what others delete. With other boot managers than systemd it always does. */
  readonly service: "started" | "stopped";
}

const UNITS = posix.dirname(unitFiles("systemd", "").path);
/** The folders that get files of ours with systemd. */
const FOLDERS = [UNITS, ...scriptFolders()];

/** What runs at boot on this host. */
export interface BootFacts extends RcLocalFacts {
  readonly manager: BootManager;
  /** With systemd, the services here that may delete something of ours. */
  readonly hooked: readonly string[];
  /** Those of them that can be reloaded without us. */
  readonly reloadable: readonly string[];
  /** Those folders for our files that take none, because their file system is read-only. */
  readonly frozen: readonly string[];
  /** Whether ufw is on, and deletes all rules of iptables whenever it starts, stops or reloads. */
  readonly isUfwAlone: boolean;
  /** The folders for our files that are in memory: what is there is lost in a restart. */
  readonly inMemory: readonly FolderInMemory[];
}

/** The command that names those restore scripts that lack their end. */
const DAMAGED = "boot-unit-damaged";
/** The command that shows what systemd thinks of our services. */
const SERVICES = "boot-unit-services";
const SHOW = ["systemctl", "show", "-p", "Id", "-p", "ActiveState", "-p", "Job"] as const;
/** The command that tells whose the restore scripts are, and what others may do with them. */
const OWNERS = "boot-unit-owners";
/** The command that shows how services are reloaded. */
const RELOADS = "boot-unit-reloads";
/** The commands that ask whether a folder can be written. */
const isWritable = (folder: string) => `boot-unit-writable ${folder}`;
const LARGEST_BYTES = 64 * 1024;

/** The unit that runs the restore script at boot: for systemd, for OpenRC, or a block in rc.local. */
export const bootUnit: ResourceKind<BootUnitState, BootFacts> = {
  kind: "boot-unit",
  schema: { type: "object", additionalProperties: false, properties: {} },

  resolve: (_written, { topology }) => [
    { topology, text: "as planned", enabled: true, script: "whole", service: "started" },
  ],
  key: ({ topology }) => topology,
  fields: { topology: true, text: true, enabled: true, script: true, service: true },

  read(states) {
    if (states.length === 0) return [];
    const paths = pathsOf(states);
    const links = states.flatMap(({ topology }) => unitsOf(topology).map(({ link }) => link));
    const signs = new Set(restoreHooks("").flatMap((hook) => hook.signs));
    return [
      {
        name: "boot-unit-status",
        argv: ["stat", "-L", "-c", STATUS_FORMAT, SYSTEMD_RUNS, ...OPENRC_PROGRAMS, ...signs, ...links, ...paths],
      },
      { name: "boot-unit", argv: ["head", "-v", "-c", String(LARGEST_BYTES), ...paths] },
      { name: SERVICES, argv: [...SHOW, ...states.map(({ topology }) => serviceOf(topology))], onlyIf: SYSTEMD_RUNS },
      { name: OWNERS, argv: ["stat", "-c", "%u:%a %n", ...states.map(({ topology }) => restorePath(topology))] },
      {
        name: RELOADS,
        argv: ["systemctl", "show", "-p", "Id", "-p", "ExecReload", ...RULE_SERVICES.map((name) => `${name}.service`)],
        onlyIf: SYSTEMD_RUNS,
      },
      ufwSettings,
      storage,
      ...FOLDERS.map((folder) => ({ name: isWritable(folder), argv: ["test", "-w", folder], onlyIf: folder })),
      { name: DAMAGED, argv: ["grep", "-sLxF", LAST_LINE, ...states.map(({ topology }) => restorePath(topology))] },
    ];
  },

  parse(outputs, states, { host }) {
    if (states.length === 0) return bootUnit.bare();
    const found = parseFileStatus(partialOutput(outputs, "boot-unit-status", "stat", host), host);
    const files = pathsOf(states).flatMap((path) => {
      const status = found.get(path);
      return status?.type === "file" ? [{ path, ...status }] : [];
    });
    const texts = parseHeads(partialOutput(outputs, "boot-unit", "head", host), files);
    const damaged = [...outputOf(outputs, DAMAGED).stdout.split("\n"), ...othersIn(outputOf(outputs, OWNERS).stdout)];
    const stopped = stoppedIn(outputOf(outputs, SERVICES).stdout);
    const frozen = FOLDERS.filter((folder) => outputOf(outputs, isWritable(folder)).status === 1);
    const facts = factsFrom(found, texts);
    const detail = {
      ...facts,
      reloadable: reloadableIn(outputOf(outputs, RELOADS).stdout),
      frozen,
      isUfwAlone: isUfwAlone(outputOf(outputs, ufwSettings.name).stdout),
      inMemory: foldersInMemory(outputs, facts.manager, facts.rcLocal),
    };
    const units = states.flatMap((state) => {
      const unit = observeUnit(state, detail, found, texts);
      const script = damaged.includes(restorePath(state.topology)) ? "damaged" : "whole";
      const service = stopped.has(serviceOf(state.topology)) ? "stopped" : "started";
      return unit === undefined ? [] : [[state.topology, { ...unit, script, service } as const] as const];
    });
    return { states: new Map(units), detail };
  },

  diff: (actual, desired) =>
    (["text", "enabled", "script", "service"] as const).filter(
      (field) => completed(actual)[field] !== completed(desired)[field],
    ),
  bare: () => ({
    states: new Map(),
    detail: {
      manager: "systemd",
      rcLocal: RC_LOCALS[1],
      rcLocalStatus: undefined,
      rcLocalText: "",
      hooked: [],
      reloadable: [],
      frozen: [],
      isUfwAlone: false,
      inMemory: [],
    },
  }),
  commands: (changes, { detail }) => oneByOne(changes, (change) => script(change, detail)),

  problem(desired, { states, detail }) {
    const actual = states.get(desired.topology);
    if (detail.manager === "systemd" && !actual) return frozenUnits(detail);
    if (detail.manager !== "rc.local" || actual?.text === "as planned") return undefined;
    return rcLocalProblem(detail, desired.topology, actual !== undefined);
  },

  caveats: ({ topology }, { detail }) => [
    ...memoryCaveats(topology, detail.inMemory),
    ...hooksFor(topology, detail).flatMap(({ path, service }) => {
      const folder = posix.dirname(path);
      if (!detail.frozen.includes(folder)) return [];
      return [
        {
          message: `${folder} is read-only and gets no file of ours, so not all that ${service} deletes of ${topology} is restored.`,
          hint: `systemctl restart lvsctl-${topology} brings it back. Or make the folder writable, and apply again.`,
        },
      ];
    }),
    ...(detail.isUfwAlone ? [ufwCaveat(topology)] : []),
  ],
  outlivesRestart: true,
  startsRestore: true,
  bringsBack: ({ detail: { manager } }) => manager === "systemd",
  whenChangedByOthers: "restore",
  describe: ({ topology, enabled }) => `restore of ${topology} at boot${enabled ? "" : " (off)"}`,
};

/** The files in the output of `stat -c '%u:%a %n'` that are not root's, or that others can write to. */
function othersIn(text: string): readonly string[] {
  const files = [...text.matchAll(/^(\d+:\d+) (.*)$/gm)];
  return files.flatMap(([, rights = "", path = ""]) => (/^0:(\d*[0145])?[0145]$/.test(rights) ? [] : [path]));
}

/** Ledgers of older versions say nothing of the script and the service. They meant a whole and a started one. */
function completed(state: BootUnitState): BootUnitState {
  return { ...state, script: state.script ?? "whole", service: state.service ?? "started" };
}

function serviceOf(topology: string): string {
  return posix.basename(unitFiles("systemd", topology).path);
}

/** The services that `systemctl show` says have failed, or are stopped and wait for no job: one paragraph each. */
function stoppedIn(shown: string): ReadonlySet<string | undefined> {
  const isStopped = (text: string) =>
    /^ActiveState=(inactive|failed|deactivating)$/m.test(text) && !/^Job=[1-9]/m.test(text);
  const paragraphs = shown.split(/\n{2,}/).filter(isStopped);
  return new Set(paragraphs.map((text) => /^Id=(.+)$/m.exec(text)?.[1]));
}

function unitsOf(topology: string) {
  return [unitFiles("systemd", topology), unitFiles("openrc", topology)];
}

function pathsOf(states: readonly BootUnitState[]): readonly string[] {
  return [
    ...states.flatMap(({ topology }) => [...unitsOf(topology), ...restoreHooks(topology)].map(({ path }) => path)),
    ...RC_LOCALS,
  ];
}

function factsFrom(
  found: ReadonlyMap<string, FileStatus>,
  texts: ReadonlyMap<string, string>,
): Omit<BootFacts, "reloadable" | "frozen" | "isUfwAlone" | "inMemory"> {
  const hasOpenrc = OPENRC_PROGRAMS.some((path) => found.has(path));
  const manager = found.has(SYSTEMD_RUNS) ? "systemd" : hasOpenrc ? "openrc" : "rc.local";
  const rcLocal = RC_LOCALS.find((path) => found.has(path)) ?? RC_LOCALS[1];
  const isHere = ({ signs }: RestoreHook) => manager === "systemd" && signs.some((path) => found.has(path));
  const hooked = restoreHooks("")
    .filter(isHere)
    .map(({ service }) => service);
  return {
    manager,
    rcLocal,
    rcLocalStatus: found.get(rcLocal),
    rcLocalText: texts.get(rcLocal) ?? "",
    hooked,
  };
}

/** The services that have an ExecReload of their own, from `systemctl show`: one paragraph each. */
function reloadableIn(shown: string): readonly string[] {
  return shown.split(/\n{2,}/).flatMap((text) => {
    const [, name] = /^Id=(.+)\.service$/m.exec(text) ?? [];
    const isTheirs = text.split("\n").some((line) => line.startsWith("ExecReload=") && !line.includes("lvsctl-"));
    return name !== undefined && isTheirs ? [name] : [];
  });
}

/** Our unit for the host's current boot manager; a unit made for another manager does not count. */
function observeUnit(
  { topology }: BootUnitState,
  facts: BootFacts,
  found: ReadonlyMap<string, FileStatus>,
  texts: ReadonlyMap<string, string>,
): Pick<BootUnitState, "topology" | "text" | "enabled"> | undefined {
  const { manager, rcLocalText } = facts;
  if (manager === "rc.local") {
    const block = blockIn(rcLocalText, topology);
    const isPlanned = block?.join("\n") === rcLocalBlock(topology).join("\n") && !isBehindEnd(rcLocalText, topology);
    return block && { topology, text: isPlanned ? "as planned" : "changed", enabled: true };
  }
  const { path, text, link } = unitFiles(manager, topology);
  if (!found.has(path)) return undefined;
  const files = [{ path, text }, ...hooksOf(topology, facts)];
  return {
    topology,
    text: files.every((file) => texts.get(file.path) === file.text) ? "as planned" : "changed",
    enabled: found.has(link),
  };
}

/** What brings ours back after one of the services here. */
function hooksOf(topology: string, facts: BootFacts): readonly RestoreHook[] {
  return hooksFor(topology, facts).filter(({ path }) => !facts.frozen.includes(posix.dirname(path)));
}

function hooksFor(topology: string, { hooked, reloadable }: BootFacts): readonly RestoreHook[] {
  return restoreHooks(topology, reloadable).filter(({ service }) => hooked.includes(service));
}

function script({ before, after }: Change<BootUnitState>, facts: BootFacts): ShellCommand {
  const { manager, rcLocal, rcLocalText, hooked } = facts;
  const topology = (after ?? before)?.topology;
  if (topology === undefined) return sh`:`;
  if (manager === "rc.local") {
    return after
      ? sh`${raw(insertScript(rcLocal, topology, rcLocalText))} && { ${raw(IN_RUN)} || ${raw(leaveWord(topology))}; }`
      : onceConfirmed(removeScript(rcLocal, topology), draftOf(rcLocal));
  }
  const { path, text, mode, link } = unitFiles(manager, topology);
  const { reload, start, stop } = control(
    manager,
    topology,
    hooked,
    before === undefined && after?.service !== "stopped",
  );
  const hooks = manager === "systemd" ? restoreHooks(topology) : [];
  if (!after) {
    const files = [path, ...hooks.map((hook) => hook.path)];
    const paths = [link, ...files, ...files.map(draftOf)];
    const folders = [link, ...hooks.flatMap((hook) => (hook.ownsFolder ? [hook.path] : []))].map(posix.dirname);
    return onceConfirmed(
      sh`${raw(stop)}rm -f ${raw(command(...paths))} && { rmdir ${raw(command(...folders))} 2>/dev/null || :; } && { sync ${posix.dirname(path)} || :; }${raw(reload)} && rm -f ${raw(askedMarks(topology))} && { rmdir ${ASKED_FOLDER} 2>/dev/null || :; }`,
      draftOf(path),
    );
  }
  const enable = after.enabled ? sh`ln -sfn ${path} ${link}` : sh`rm -f ${link}`;
  const files = [{ path, text, mode }, ...hooksOf(topology, facts)];
  const folders = [...new Set([...files.map((file) => posix.dirname(file.path)), posix.dirname(link)])];
  return sh`mkdir -p ${raw(command(...folders))} &&
${raw(files.map(writeFile).join(" &&\n") as ShellCommand)} &&
${raw(enable)} &&
sync ${raw(command(...folders))}${raw(reload)}${raw(after.enabled ? start : sh``)}`;
}

/** Where a file is written before it is in its place. A power cut leaves it there. */
function draftOf(path: string): string {
  return `${path}.lvsctl`;
}

/** Writes a file beside its place first, so that nobody ever sees half of it. */
function writeFile({ path, text, mode }: Readonly<Record<"path" | "text" | "mode", string>>): ShellCommand {
  const draft = draftOf(path);
  return sh`{ (umask 077 && printf %s ${text} > ${draft}) && chmod ${mode} ${draft} && sync ${draft} && mv -f ${draft} ${path} || { rm -f ${draft}; false; }; }`;
}

function frozenUnits({ frozen }: BootFacts): Problem | undefined {
  if (!frozen.includes(UNITS)) return undefined;
  return {
    message: `Nothing of ours would start at boot: ${UNITS} is read-only.`,
    hint: "Make it writable while lvsctl applies, or write persist: false.",
  };
}
