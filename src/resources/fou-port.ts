/** UDP ports on which the kernel unwraps tunnelled packets (foo-over-UDP, and GUE, which has its own header). */
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import type { ReadOutputs } from "../shell/read-script.ts";
import { outputOf } from "./outputs.ts";
import { type Change, oneByOne, type ResourceKind, type State } from "./resource.ts";

/** A UDP port whose packets the kernel unpacks. Source: ip-fou(8). */
export interface FouPortState extends State {
  readonly port: number;
  readonly family: 4 | 6;
  /** `gue`, or what somebody else uses the port for: `ipproto 4`. */
  readonly encapsulation: string;
}

/** The UDP ports in use on a host, by key, and whether the socket is the kernel's own. */
export type UdpPorts = ReadonlyMap<string, { readonly isKernels: boolean }>;

const LIST = "fou-port";
/** Asking for the list would load the module. */
const MODULE = "/sys/module/fou";

/** UDP ports for tunnels in GUE. */
export const fouPort: ResourceKind<FouPortState, UdpPorts> = {
  kind: "fou-port",
  schema: {
    type: "object",
    required: ["port"],
    additionalProperties: false,
    properties: {
      port: { type: "integer", minimum: 1, maximum: 65535, description: "The UDP port for GUE." },
      family: { enum: [4, 6, null], description: "Of the packets that carry UDP. Default: 4." },
    },
  },

  resolve: ({ port, family }) => [{ port: Number(port), family: family === 6 ? 6 : 4, encapsulation: "gue" }],
  key: (state) => portKey(state.port, state.family),
  fields: { port: true, family: true, encapsulation: true },

  read: () => [
    { name: LIST, argv: ["ip", "fou", "show"], onlyIf: MODULE },
    { name: "fou-port-udp", argv: ["cat", "/proc/net/udp"] },
    { name: "fou-port-udp6", argv: ["cat", "/proc/net/udp6"] },
  ],

  parse(outputs, states) {
    const udp = new Map([...portsIn(outputs, "fou-port-udp", 4), ...portsIn(outputs, "fou-port-udp6", 6)]);
    const listed = parseFou(outputOf(outputs, LIST).stdout);
    // Without /sys/module/fou we do not list ports, as that could load the module. If fou is built in, its socket shows; so it
    // does where ip knows nothing of fou, or may not ask.
    const isAsked = outputOf(outputs, LIST).status === 0;
    const shown = isAsked ? listed : states.filter((state) => udp.get(fouPort.key(state))?.isKernels);
    const wanted = new Set(states.map(fouPort.key));
    const found = shown.map((state) => [fouPort.key(state), state] as const).filter(([key]) => wanted.has(key));
    return { states: new Map(found), detail: udp };
  },

  diff: (actual, desired) => (actual.encapsulation === desired.encapsulation ? [] : ["encapsulation"]),
  bare: () => ({ states: new Map(), detail: new Map() }),
  commands: (changes) => oneByOne(changes, script),
  comesBack: "tunnel ports",
  atBoot: (states) =>
    states.map((state) => {
      const add = script({ kind: fouPort.kind, key: fouPort.key(state), before: undefined, after: state });
      const shown = `^port ${state.port} ${state.encapsulation}( |$)`;
      const isOurs = raw(state.family === 6 ? sh`grep -q -e ' -6'` : sh`grep -qv -e ' -6'`);
      return {
        what: fouPort.describe(state),
        script: sh`ip fou show | grep -E -e ${shown} | ${isOurs} || ${raw(add)}`,
      };
    }),

  problem(desired, { states, detail }, owned) {
    const actual = states.get(fouPort.key(desired));
    const isOther = actual === undefined && detail.has(fouPort.key(desired));
    if (!isOther && (owned || actual === undefined || actual.encapsulation === desired.encapsulation)) return undefined;
    const owner = actual === undefined ? "a program" : `the kernel, for ${actual.encapsulation}, and not by lvsctl`;
    return {
      message: `UDP port ${desired.port} is in use by ${owner}.`,
      hint: "Choose another `port` under `tunnel`, or free this one: ss -ulnp and ip fou show tell who has it.",
    };
  },

  list: {
    read: () => [{ name: LIST, argv: ["ip", "fou", "show"], onlyIf: MODULE }],
    parse: (outputs) => parseFou(outputOf(outputs, LIST).stdout),
  },
  whenChangedByOthers: "leave",
  describe: ({ port, family, encapsulation }) =>
    `${encapsulation === "gue" ? "GUE" : encapsulation} on UDP${family === 6 ? "6" : ""} port ${port}`,
};

function script({ before, after }: Change<FouPortState>): ShellCommand {
  const remove = before && command("ip", "fou", "del", "port", String(before.port), ...familyFlag(before));
  const words = after?.encapsulation.split(" ") ?? [];
  const add = after && command("ip", "fou", "add", "port", String(after.port), ...words, ...familyFlag(after));
  return [remove, add].filter((part) => part !== undefined).join(" &&\n") as ShellCommand;
}

function familyFlag({ family }: FouPortState): readonly string[] {
  return family === 6 ? ["-6"] : [];
}

function portKey(port: number, family: 4 | 6): string {
  return `${family === 6 ? "udp6" : "udp"} ${port}`;
}

/** Lines such as `port 6080 gue -6` and `port 5555 ipproto 4`; newer versions append addresses. */
function parseFou(text: string): readonly FouPortState[] {
  const lines = text.matchAll(/^port (\d+) (gue|ipproto \d+)(.*)$/gm);
  return [...lines].map(([, port, encapsulation = "", rest = ""]) => ({
    port: Number(port),
    family: / -6\b/.test(rest) ? 6 : 4,
    encapsulation,
  }));
}

/** A line has the local address and port in hexadecimal, `00000000:17C0`, and the socket's inode: 0 for the kernel's own. */
function portsIn(outputs: ReadOutputs, name: string, family: 4 | 6): UdpPorts {
  const lines = outputOf(outputs, name).stdout.matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) (?:\S+ +){7}(\d+) /gm);
  return new Map(
    [...lines].map(([, hex = "", inode]) => [portKey(Number.parseInt(hex, 16), family), { isKernels: inode === "0" }]),
  );
}
