/** The playbooks that come with lvsctl, and those that a topology names. The only place that reads playbook files. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { nearest } from "../document/nearest.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { Service, Topology } from "../topology/topology.ts";
import { type LoadedPlaybook, loadPlaybook } from "./load-playbook.ts";
import type { Playbook, PlaybookSet } from "./playbook.ts";

type Kinds = ReadonlyMap<string, ResourceKind>;

export interface LoadedPlaybooks {
  readonly playbooks: readonly Playbook[];
  readonly problems: readonly LvsctlError[];
}

/** The folder of the playbooks that come with lvsctl. */
const builtinFolder = new URL("../../playbooks/", import.meta.url);

const maximumSizeBytes = 1024 * 1024;

interface BuiltinFile {
  readonly name: string;
  readonly text: string;
}

/** Every playbook that comes with lvsctl, in the order of their names. */
export function builtinPlaybooks(kinds: Kinds): LoadedPlaybooks {
  return loadBuiltin(builtinFiles(), kinds);
}

/**
 * The playbooks that a topology uses: all for hosts and features, and the modes of its services, built-in or the user's own
 * (`mode: ./mine.yaml`). Without mistakes there are no problems.
 */
export function playbooksFor(
  topology: Topology,
  kinds: Kinds,
): { readonly playbooks: PlaybookSet; readonly problems: readonly LvsctlError[] } {
  const services = firstOfEachMode(topology.services);
  const used = new Set(services.map(({ mode }) => mode));
  const files = builtinFiles();
  const builtin = loadBuiltin(
    files.filter((file) => !isMode(file) || used.has(file.name)),
    kinds,
  );
  const problems = [...builtin.problems];
  const modes = new Map<string, Playbook>();
  for (const service of services) {
    const found = isPath(service.mode) ? ownMode(service, kinds) : builtinMode(service, builtin, files);
    problems.push(...found.problems);
    if (found.playbook !== undefined) modes.set(service.mode, found.playbook);
  }
  const ofKind = (kind: Playbook["kind"]) => builtin.playbooks.filter((playbook) => playbook.kind === kind);
  return { playbooks: { host: ofKind("host"), modes, features: ofKind("feature") }, problems };
}

function builtinFiles(): readonly BuiltinFile[] {
  return readdirSync(builtinFolder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => ({
      name: name.slice(0, -".yaml".length),
      text: readFileSync(new URL(name, builtinFolder), "utf8"),
    }));
}

/** Tells modes that no service uses before they cost the time to load them. */
function isMode({ text }: BuiltinFile): boolean {
  return /^kind: mode$/m.test(text);
}

function loadBuiltin(files: readonly BuiltinFile[], kinds: Kinds): LoadedPlaybooks {
  const loaded = files.map(({ name, text }) => loadPlaybook(text, `playbooks/${name}.yaml`, kinds));
  return {
    playbooks: loaded.flatMap(({ playbook }) => playbook ?? []),
    problems: loaded.flatMap(({ problems }) => problems),
  };
}

function firstOfEachMode(services: readonly Service[]): readonly Service[] {
  const first = new Map<string, Service>();
  for (const service of services) if (!first.has(service.mode)) first.set(service.mode, service);
  return [...first.values()];
}

function isPath(mode: string): boolean {
  return mode.includes("/");
}

function builtinMode(
  { name, mode }: Service,
  { playbooks }: LoadedPlaybooks,
  files: readonly BuiltinFile[],
): LoadedPlaybook {
  const playbook = playbooks.find((candidate) => candidate.kind === "mode" && candidate.name === mode);
  const names = files.filter(isMode).map((file) => file.name);
  if (playbook !== undefined) return { playbook, problems: [] };
  if (names.includes(mode)) return { problems: [] };
  const similar = nearest(mode, names);
  const problem = new LvsctlError("LVS-PLAYBOOK-002", `Service ${name} has the mode "${mode}", which does not exist.`, {
    hint:
      (similar === undefined ? "" : `Did you mean "${similar}"? `) +
      `There are ${names.join(", ")}, and playbooks of your own: mode: ./mine.yaml.`,
  });
  return { problems: [problem] };
}

function ownMode(service: Service, kinds: Kinds): LoadedPlaybook {
  const { mode } = service;
  let text: string;
  try {
    const file = statSync(mode);
    if (!file.isFile()) return { problems: [unreadable(service, "it is not a file")] };
    if (file.size > maximumSizeBytes) return { problems: [unreadable(service, "it is larger than 1 MiB")] };
    text = readFileSync(mode, "utf8");
  } catch (error) {
    return { problems: [unreadable(service, reasonOf(error), error)] };
  }
  const loaded = loadPlaybook(text, mode, kinds);
  if (loaded.playbook === undefined || loaded.playbook.kind === "mode") return loaded;
  return {
    problems: [
      new LvsctlError(
        "LVS-PLAYBOOK-003",
        `Service ${service.name} uses ${basename(mode)} as its mode, and that is a playbook of kind ${loaded.playbook.kind}.`,
        { hint: "Write `kind: mode` in it.", at: { file: mode, line: 1, column: 1 } },
      ),
    ],
  };
}

function unreadable({ name, mode }: Service, reason: string, cause?: unknown): LvsctlError {
  return new LvsctlError(
    "LVS-PLAYBOOK-001",
    `The playbook ${mode}, which service ${name} names as its mode, cannot be read: ${reason}.`,
    { hint: "A path under `mode` counts from the folder of the topology file.", cause },
  );
}

function reasonOf(error: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EACCES: "you may not read it",
    ENOTDIR: "a folder of its path is a file",
  };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? (error instanceof Error ? error.message : "it cannot be opened");
}
