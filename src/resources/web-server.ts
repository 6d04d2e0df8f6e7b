/** A web server of our own, for test pages. It never touches the distribution's services, sites or configuration. */
import { type ShellCommand, sh } from "../shell/quote.ts";
import { absolutePath } from "./absolute-path.ts";
import { outputOf, partialOutput } from "./outputs.ts";
import { type Change, oneByOne, type Problem, type ResourceKind, type State } from "./resource.ts";
import { choosePackageManager, chooseServer, type PackageManager, PROGRAM_PATHS, type Server } from "./web/programs.ts";
import { serverFiles } from "./web/server-files.ts";
import {
  installScript,
  processPattern,
  removeScript,
  serverFolder,
  startScript,
  stopScript,
  unlessRunning,
} from "./web/server-script.ts";
import { parseLinks, parseListeningPorts, parsePortOwners } from "./web/web-facts.ts";

export interface WebServerState extends State {
  readonly port: number;
  /** The folder that it serves. */
  readonly root: string;
  /** False: it was ours and has ended; its files are still there. */
  readonly running: boolean;
}

export interface WebServerDetail {
  /** What can serve pages on the host. */
  readonly server: Server | undefined;
  /** What can install it. */
  readonly packageManager: PackageManager | undefined;
  readonly listening: ReadonlySet<number>;
  /** Port → the process that listens, as far as that can be told. */
  readonly owners: ReadonlyMap<number, string>;
}

const NOTHING: WebServerDetail = {
  server: undefined,
  packageManager: undefined,
  listening: new Set(),
  owners: new Map(),
};

export const webServer: ResourceKind<WebServerState, WebServerDetail> = {
  kind: "web-server",
  schema: {
    type: "object",
    required: ["port", "root"],
    additionalProperties: false,
    properties: {
      port: {
        type: "integer",
        minimum: 1,
        maximum: 65535,
        description: "The TCP port, on all addresses of the host, IPv4 and IPv6.",
      },
      root: {
        type: "string",
        pattern: "^(/[A-Za-z0-9._+@-]+)+$",
        description: "The folder with the pages; index.html is the first one.",
      },
    },
  },

  resolve: ({ port, root }) => [{ port: Number(port), root: absolutePath(String(root)), running: true }],
  key: ({ port }) => `port ${port}`,

  read(states, { topology }) {
    if (states.length === 0) return [];
    const folders = states.map(({ port }) => serverFolder({ topology, port }));
    return [
      {
        name: "web-server",
        argv: ["stat", "-c", "%N", ...folders.map((folder) => `${folder}/root`), ...PROGRAM_PATHS],
      },
      {
        name: "web-server-processes",
        argv: [
          ...["grep", "-H", "-a", "-o", "-s"],
          ...folders.flatMap((folder) => ["-e", processPattern(folder)]),
          ...folders.map((folder) => `${folder}/process/cmdline`),
        ],
      },
      { name: "web-server-ports", argv: ["grep", "-h", "-s", " 0A ", "/proc/net/tcp", "/proc/net/tcp6"] },
      { name: "web-server-owners", argv: ["ss", "-ltnp"] },
      { name: "web-server-applets", argv: ["busybox", "--list"] },
    ];
  },

  parse(outputs, states, { topology, host }) {
    if (states.length === 0) return { states: new Map(), detail: NOTHING };
    const links = parseLinks(partialOutput(outputs, "web-server", "stat", host));
    const processes = new Set(partialOutput(outputs, "web-server-processes", "grep", host).split("\n"));
    const listening = parseListeningPorts(partialOutput(outputs, "web-server-ports", "grep", host), host);
    const found = states.flatMap((state) => {
      const { port } = state;
      const folder = serverFolder({ topology, port });
      const root = links.get(`${folder}/root`);
      const running = processes.has(`${folder}/process/cmdline:${folder}/`) && listening.has(port);
      return root === undefined ? [] : [[webServer.key(state), { port, root, running }] as const];
    });
    const applets = new Set(outputOf(outputs, "web-server-applets").stdout.split("\n"));
    return {
      states: new Map(found),
      detail: {
        server: chooseServer(links, applets),
        packageManager: choosePackageManager(links),
        listening,
        owners: parsePortOwners(outputOf(outputs, "web-server-owners").stdout),
      },
    };
  },

  diff: (actual, desired) => (["root", "running"] as const).filter((field) => actual[field] !== desired[field]),
  commands: (changes, { detail }, { topology }) => oneByOne(changes, (change) => script(change, detail, topology)),
  atBoot: (states, { detail }, { topology }) =>
    states.map((state) => ({
      what: webServer.describe(state),
      script: unlessRunning({ topology, port: state.port }, start(state, detail, topology)),
    })),

  problem(desired, { states, detail }) {
    if (states.get(webServer.key(desired))?.running) return undefined;
    return takenPort(desired, detail) ?? nothingToServeWith(detail);
  },

  bearsOurName: () => true,
  outlivesRestart: true,
  exclusive: true,
  whenChangedByOthers: "restore",
  describe: ({ port, root }) => `web server on port ${port} for ${root}`,
};

function script({ before, after }: Change<WebServerState>, detail: WebServerDetail, topology: string): ShellCommand {
  if (after?.running) return start(after, detail, topology);
  const port = (after ?? before)?.port;
  if (port === undefined) return sh`:`;
  return after ? stopScript({ topology, port }) : removeScript({ topology, port });
}

function start({ port, root }: WebServerState, detail: WebServerDetail, topology: string): ShellCommand {
  const { server, packageManager } = detail;
  const place = { topology, port };
  const startWith = (program: Server) => startScript(place, serverFiles(program, serverFolder(place), port), root);
  if (server) return startWith(server);
  if (!packageManager) return sh`echo 'there is no web server, and nothing to install one with' >&2; false`;
  return `${installScript(packageManager)} &&\n${startWith(packageManager.server)}` as ShellCommand;
}

function takenPort({ port }: WebServerState, { listening, owners }: WebServerDetail): Problem | undefined {
  if (!listening.has(port)) return undefined;
  return {
    message: `Port ${port} is taken by ${owners.get(port) ?? "another program"}; lvsctl did not start it.`,
    hint: "Stop it, or remove testPage from the service and let its own pages answer.",
  };
}

function nothingToServeWith({ server, packageManager }: WebServerDetail): Problem | undefined {
  if (server ?? packageManager) return undefined;
  return {
    message: "There is no Apache, nginx, BusyBox httpd or Python 3, and no package manager that lvsctl knows.",
    hint: "Install one of them by hand, or remove testPage from the service.",
  };
}
