/** Kernel parameters under /proc/sys. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type ShellCommand, sh } from "../shell/quote.ts";
import { outputOf } from "./outputs.ts";
import { type Change, oneByOne, type ResourceKind, type State } from "./resource.ts";

export interface SysctlState extends State {
  /** Dotted; a dot inside a name is written `/`: `net.ipv4.conf.eth0/100.rp_filter`. */
  readonly key: string;
  /** Words joined by single spaces: `4096 87380 6291456`. */
  readonly value: string;
}

const ROOT = "/proc/sys/";

export const sysctl: ResourceKind<SysctlState> = {
  kind: "sysctl",
  schema: {
    type: "object",
    required: ["key", "value"],
    additionalProperties: false,
    properties: {
      key: {
        type: "string",
        description:
          "The parameter, as sysctl(8) names it: net.ipv4.conf.all.arp_ignore. For an interface whose name has a dot, " +
          "net.ipv4.conf.eth0/100.rp_filter or net/ipv4/conf/eth0.100/rp_filter.",
        minLength: 1,
        maxLength: 255,
      },
      value: { type: ["string", "integer"], description: "The value; several numbers are separated by spaces." },
    },
  },

  resolve: ({ key, value }) => [{ key: canonicalKey(String(key)), value: words(String(value)) }],
  key: ({ key }) => key,

  read: (states) => (states.length === 0 ? [] : [{ name: "sysctl", argv: ["grep", "-H", "", ...states.map(path)] }]),

  parse(outputs, states) {
    const keys = new Map(states.map((state) => [path(state), state.key]));
    const found = new Map<string, SysctlState>();
    for (const line of outputOf(outputs, "sysctl").stdout.split("\n")) {
      const colon = line.indexOf(":");
      const key = keys.get(line.slice(0, colon));
      if (key !== undefined) found.set(key, { key, value: words(line.slice(colon + 1)) });
    }
    return { states: found, detail: undefined };
  },

  diff: (actual, desired) => (actual.value === desired.value ? [] : ["value"]),
  commands: (changes) => oneByOne(changes, script),
  whenChangedByOthers: "leave",
  describe: ({ key, value }) => `sysctl ${key} = ${value}`,
};

/**
 * The kernel refuses a value by failing the write. Nothing is read back here: a shell's `read` takes single bytes, of
 * which /proc/sys gives only the first.
 */
function script({ key, after }: Change<SysctlState>): ShellCommand {
  if (!after) return sh`: ${`${key} did not exist before; it goes with its module or interface`}`;
  return sh`printf '%s\\n' ${after.value} > ${path(after)} || { echo ${`${key}: the kernel refused ${after.value}`} >&2; false; }`;
}

function path({ key }: Pick<SysctlState, "key">): string {
  return ROOT + swapSeparators(key);
}

/**
 * The dotted form of a parameter's name; which of `.` and `/` comes first separates the names, as sysctl(8) has it.
 * Throws LVS-FACT-003 on a name that could leave /proc/sys.
 */
function canonicalKey(written: string): string {
  const isPath = /^[^.]*\//.test(written);
  const key = isPath ? swapSeparators(written) : written;
  const names = swapSeparators(key).split("/");
  if (!names.every((name) => /^[A-Za-z0-9_.@+-]{1,64}$/.test(name) && !/^\.+$/.test(name))) {
    throw new LvsctlError("LVS-FACT-003", `${JSON.stringify(written)} is not the name of a kernel parameter.`, {
      hint: "Write it as sysctl(8) does, such as net.ipv4.conf.all.arp_ignore.",
    });
  }
  return key;
}

function swapSeparators(name: string): string {
  return name.replace(/[./]/g, (separator) => (separator === "." ? "/" : "."));
}

function words(text: string): string {
  return text.trim().split(/\s+/).join(" ");
}
