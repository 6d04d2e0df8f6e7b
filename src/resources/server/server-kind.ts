/**
 * What the kinds `web-server` and `responder` share: our own program that answers on a port, for services whose real
 * servers run nothing yet. It never touches the distribution's services or configuration.
 */
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { ReadCommand, ReadOutputs } from "../../shell/read-script.ts";
import { outputOf, partialOutput } from "../outputs.ts";
import { oneByOne, type Problem, type ResourceKind, type State } from "../resource.ts";
import { listeningArgv, type Protocol, parseListening, parsePortOwners } from "./listening.ts";
import { choosePackageManager, installScript, MANAGER_PATHS, type PackageManager } from "./package-managers.ts";
import { type Launch, type ProgramFiles, parseStatLinks, SERVER_PATHS, type Server } from "./programs.ts";
import * as script from "./server-script.ts";

/** A server of ours on all addresses of a host. */
export interface ServerState extends State {
  readonly port: number;
  /** False: our server has ended, but its files are still there. */
  readonly running: boolean;
}

/** What a host can serve with, and which ports are taken. */
export interface ServerDetail {
  /** The host's program to serve with, if it has one. */
  readonly server: Server | undefined;
  /** Installs a program if there is none. */
  readonly packageManager: PackageManager | undefined;
  /** Protocols and ports on which any program listens: `tcp 80`. */
  readonly listening: ReadonlySet<string>;
  /** TCP port → the process that listens there, if `ss` knows it. */
  readonly owners: ReadonlyMap<number, string>;
}

/** The parts that differ between the two kinds. */
interface Own<S extends ServerState>
  extends Pick<ResourceKind<S>, "kind" | "schema" | "resolve" | "key" | "fields" | "describe" | "givesAway"> {
  readonly protocol: (state: S) => Protocol;
  /** The field with what is served. On the host it is in a link or file of the same name in the server's folder. */
  readonly served: "root" | "answer";
  /** The command that reads these links or files, and the parser of its output: path → content of those that exist. */
  readonly readServed: (paths: readonly string[]) => readonly string[];
  readonly parseServed: (text: string) => ReadonlyMap<string, string | undefined>;
  readonly alsoRead: readonly ReadCommand[];
  readonly choose: (files: ProgramFiles, outputs: ReadOutputs) => Server | undefined;
  /** The package manager, set to install something that `choose` accepts. */
  readonly bringing: (manager: PackageManager) => PackageManager;
  readonly launch: (server: Server, folder: string, state: S) => Launch;
  readonly portTaken: (state: S, owner: string) => Problem;
  readonly nothingToServeWith: Problem;
}

/** Builds a resource kind from its own parts. */
export function serverKind<S extends ServerState>(own: Own<S>): ResourceKind<S, ServerDetail> {
  const { kind, schema, resolve, key, fields, describe, givesAway } = own;
  const placeOf = (state: S, topology: string) => ({ topology, protocol: own.protocol(state), port: state.port });
  const pathOf = (state: S, topology: string, name: string) =>
    `${script.serverFolder(placeOf(state, topology))}/${name}`;
  const portOf = (state: S) => `${own.protocol(state)} ${state.port}`;
  const protocolsOf = (states: readonly S[]) => [...new Set(states.map(own.protocol))];

  const bare = () => ({
    states: new Map(),
    detail: {
      server: { program: "python3", path: "/usr/bin/python3" } as const,
      packageManager: undefined,
      listening: new Set<string>(),
      owners: new Map(),
    },
  });

  const start = (state: S, { server, packageManager }: ServerDetail, topology: string): ShellCommand => {
    const place = placeOf(state, topology);
    const startWith = (one: Server) => script.startScript(place, own.launch(one, script.serverFolder(place), state));
    if (server) return startWith(server);
    if (!packageManager) return sh`echo ${own.nothingToServeWith.message} >&2; false`;
    return sh`${raw(installScript(packageManager))} &&\n${raw(startWith(packageManager.server))}`;
  };

  return {
    ...{ kind, schema, resolve, key, fields, describe },
    ...(givesAway && { givesAway }),

    read(states, { topology }) {
      if (states.length === 0) return [];
      const paths = (name: string) => states.map((state) => pathOf(state, topology, name));
      const patterns = states.flatMap((state) => ["-e", script.processPattern(placeOf(state, topology))]);
      return [
        { name: kind, argv: ["stat", "-c", "%N", ...SERVER_PATHS, ...MANAGER_PATHS] },
        { name: `${kind}-${own.served}`, argv: own.readServed(paths(own.served)) },
        { name: `${kind}-processes`, argv: ["grep", "-H", "-a", "-o", "-s", ...patterns, ...paths("process/cmdline")] },
        ...protocolsOf(states).map((protocol) => ({ name: `${kind}-${protocol}`, argv: listeningArgv(protocol) })),
        ...own.alsoRead,
      ];
    },

    parse(outputs, states, { topology, host }) {
      if (states.length === 0) return bare();
      const grepped = (name: string) => partialOutput(outputs, `${kind}-${name}`, "grep", host);
      const files = parseStatLinks(partialOutput(outputs, kind, "stat", host));
      const [reader = ""] = own.readServed([]);
      const served = own.parseServed(partialOutput(outputs, `${kind}-${own.served}`, reader, host));
      const processes = new Set(grepped("processes").split("\n"));
      const listening = new Set(
        protocolsOf(states).flatMap((protocol) =>
          parseListening(protocol, grepped(protocol), host).map((port) => `${protocol} ${port}`),
        ),
      );
      const found = states.flatMap((state) => {
        const content = served.get(pathOf(state, topology, own.served));
        const process = `${pathOf(state, topology, "process/cmdline")}:${pathOf(state, topology, "")}`;
        const running = processes.has(process) && listening.has(portOf(state));
        return content === undefined ? [] : [[key(state), { ...state, [own.served]: content, running }] as const];
      });
      const manager = choosePackageManager(files);
      return {
        states: new Map(found),
        detail: {
          server: own.choose(files, outputs),
          packageManager: manager && own.bringing(manager),
          listening,
          owners: parsePortOwners(outputOf(outputs, `${kind}-owners`).stdout),
        },
      };
    },

    diff: (actual, desired) => [own.served, "running"].filter((field) => actual[field] !== desired[field]),
    bare,
    commands: (changes, { detail }, { topology }) =>
      oneByOne(changes, ({ before, after }) => {
        if (after?.running) return start(after, detail, topology);
        if (after) return script.stopScript(placeOf(after, topology));
        return before ? script.removeScript(placeOf(before, topology)) : sh`:`;
      }),
    comesBack: "programs",
    atBoot: (states, { detail }, { topology }) =>
      states.map((state) => ({
        what: describe(state),
        script: script.unlessRunning(placeOf(state, topology), start(state, detail, topology)),
      })),

    problem(desired, { states, detail }) {
      if (states.get(key(desired))?.running) return undefined;
      if (detail.listening.has(portOf(desired)))
        return own.portTaken(desired, detail.owners.get(desired.port) ?? "another program");
      return detail.server || detail.packageManager ? undefined : own.nothingToServeWith;
    },

    bearsOurName: () => true,
    outlivesRestart: true,
    exclusive: true,
    whenChangedByOthers: "restore",
  };
}
