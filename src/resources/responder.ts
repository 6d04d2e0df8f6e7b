/** Something of our own that answers by UDP or SCTP, for services whose real servers have nothing yet. It needs Python 3. */
import { command, type ShellCommand, sh } from "../shell/quote.ts";
import { partialOutput } from "./outputs.ts";
import { type Change, oneByOne, type Problem, type ResourceKind, type State } from "./resource.ts";
import { choosePackageManager, type PackageManager, PROGRAM_PATHS } from "./web/programs.ts";
import { PYTHON_RESPONDER } from "./web/python-responder.ts";
import {
  installScript,
  type Place,
  processPattern,
  removeScript,
  serverFolder,
  startScript,
  stopScript,
  unlessRunning,
} from "./web/server-script.ts";
import { parseLinks, parseSctpPorts, parseUdpPorts } from "./web/web-facts.ts";

export interface ResponderState extends State {
  readonly protocol: "udp" | "sctp";
  readonly port: number;
  /** One line, without its end. */
  readonly answer: string;
  /** False: it was ours and has ended; its files are still there. */
  readonly running: boolean;
}

export interface ResponderDetail {
  /** The Python to run it with. */
  readonly python: string | undefined;
  readonly packageManager: PackageManager | undefined;
  /** Ports on which anybody listens: `udp 53`. */
  readonly listening: ReadonlySet<string>;
}

const NOTHING: ResponderDetail = { python: undefined, packageManager: undefined, listening: new Set() };
const PYTHONS = PROGRAM_PATHS.filter((path) => /python/.test(path));

export const responder: ResourceKind<ResponderState, ResponderDetail> = {
  kind: "responder",
  schema: {
    type: "object",
    required: ["protocol", "port", "answer"],
    additionalProperties: false,
    properties: {
      protocol: { enum: ["udp", "sctp"], description: "By what it is asked; for TCP there is the web server." },
      port: {
        type: "integer",
        minimum: 1,
        maximum: 65535,
        description: "The port, on all addresses of the host, IPv4 and IPv6.",
      },
      answer: {
        type: "string",
        pattern: "^[ -~]{1,200}$",
        description: "The line that answers each datagram, or each association.",
      },
    },
  },

  resolve: ({ protocol, port, answer }) => [
    { protocol: protocol === "sctp" ? "sctp" : "udp", port: Number(port), answer: String(answer), running: true },
  ],
  key: nameOf,

  read(states, { topology }) {
    if (states.length === 0) return [];
    const folders = states.map((state) => serverFolder(placeOf(state, topology)));
    return [
      { name: "responder", argv: ["stat", "-c", "%N", ...PROGRAM_PATHS] },
      { name: "responder-answers", argv: ["grep", "-H", "-s", "", ...folders.map((folder) => `${folder}/answer`)] },
      {
        name: "responder-processes",
        argv: [
          ...["grep", "-H", "-a", "-o", "-s"],
          ...folders.flatMap((folder) => ["-e", processPattern(folder)]),
          ...folders.map((folder) => `${folder}/process/cmdline`),
        ],
      },
      { name: "responder-udp", argv: ["grep", "-h", "-s", " 07 ", "/proc/net/udp", "/proc/net/udp6"] },
      { name: "responder-sctp", argv: ["grep", "-h", "-s", "-v", "LPORT", "/proc/net/sctp/eps"] },
    ];
  },

  parse(outputs, states, { topology, host }) {
    if (states.length === 0) return { states: new Map(), detail: NOTHING };
    const links = parseLinks(partialOutput(outputs, "responder", "stat", host));
    const answers = partialOutput(outputs, "responder-answers", "grep", host).split("\n");
    const processes = new Set(partialOutput(outputs, "responder-processes", "grep", host).split("\n"));
    const listening = new Set([
      ...parseUdpPorts(partialOutput(outputs, "responder-udp", "grep", host), host).map((port) => `udp ${port}`),
      ...parseSctpPorts(partialOutput(outputs, "responder-sctp", "grep", host), host).map((port) => `sctp ${port}`),
    ]);
    const found = states.flatMap((state) => {
      const folder = serverFolder(placeOf(state, topology));
      const prefix = `${folder}/answer:`;
      const answer = answers.find((line) => line.startsWith(prefix))?.slice(prefix.length);
      const running = processes.has(`${folder}/process/cmdline:${folder}/`) && listening.has(nameOf(state));
      return answer === undefined ? [] : [[nameOf(state), { ...state, answer, running }] as const];
    });
    const python = PYTHONS.find((path) => links.has(path));
    return { states: new Map(found), detail: { python, packageManager: choosePackageManager(links), listening } };
  },

  diff: (actual, desired) => (["answer", "running"] as const).filter((field) => actual[field] !== desired[field]),
  commands: (changes, { detail }, { topology }) => oneByOne(changes, (change) => script(change, detail, topology)),
  atBoot: (states, { detail }, { topology }) =>
    states.map((state) => {
      const change = { kind: responder.kind, key: nameOf(state), before: undefined, after: state };
      const start = script(change, detail, topology);
      return { what: responder.describe(state), script: unlessRunning(placeOf(state, topology), start) };
    }),

  problem(desired, { states, detail }) {
    if (states.get(nameOf(desired))?.running) return undefined;
    return takenPort(desired, detail) ?? withoutPython(detail);
  },

  bearsOurName: () => true,
  outlivesRestart: true,
  exclusive: true,
  whenChangedByOthers: "restore",
  describe: ({ protocol, port, answer }) => `responder on ${protocol} port ${port}: ${JSON.stringify(answer)}`,
};

function nameOf({ protocol, port }: Pick<ResponderState, "protocol" | "port">): string {
  return `${protocol} ${port}`;
}

function placeOf({ protocol, port }: ResponderState, topology: string): Place {
  return { topology, port, protocol };
}

function script({ before, after }: Change<ResponderState>, detail: ResponderDetail, topology: string): ShellCommand {
  const state = after ?? before;
  if (!state) return sh`:`;
  const place = placeOf(state, topology);
  if (!after) return removeScript(place);
  if (!after.running) return stopScript(place);
  const { python, packageManager } = detail;
  if (python !== undefined) return start(place, after, python);
  if (!packageManager) return sh`echo 'there is no Python 3, and nothing to install it with' >&2; false`;
  const server = { program: "python3", path: "/usr/bin/python3" } as const;
  const install = installScript({ ...packageManager, package: "python3", server });
  return `${install} &&\n${start(place, after, server.path)}` as ShellCommand;
}

function start(place: Place, { protocol, port, answer }: ResponderState, python: string): ShellCommand {
  const program = `${serverFolder(place)}/respond.py`;
  const run = command("exec", python, "-I", program, protocol, String(port), answer);
  return startScript(place, { files: { "respond.py": PYTHON_RESPONDER, answer: `${answer}\n` }, run });
}

function takenPort(desired: ResponderState, { listening }: ResponderDetail): Problem | undefined {
  if (!listening.has(nameOf(desired))) return undefined;
  return {
    message: `The ${desired.protocol.toUpperCase()} port ${desired.port} is taken by a program that lvsctl did not start.`,
    hint: "Stop it, or remove testPage from the service and let the program answer.",
  };
}

function withoutPython({ python, packageManager }: ResponderDetail): Problem | undefined {
  if (python !== undefined || packageManager) return undefined;
  return {
    message: "There is no Python 3, and no package manager that lvsctl knows.",
    hint: "Install Python 3 by hand, or remove testPage from the service.",
  };
}
