/** Kernel parameters under /proc/sys. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { raw, type ShellCommand, sh } from "../shell/quote.ts";
import { outputOf } from "./outputs.ts";
import { type Change, oneByOne, type ResourceKind, type State } from "./resource.ts";

export interface SysctlState extends State {
  /** Dotted; a dot inside a name is written `/`: `net.ipv4.conf.eth0/100.rp_filter`. */
  readonly key: string;
  /** Words joined by single spaces: `4096 87380 6291456`. */
  readonly value: string;
  /** Another parameter that the kernel changes together with this one, as it was found. */
  readonly companion?: { readonly key: string; readonly value: string };
}

/** Turning forwarding on makes the kernel refuse redirects, and turning it off makes it accept them, whatever it did before. */
const COMPANIONS: Readonly<Record<string, string>> = {
  "net.ipv4.ip_forward": "net.ipv4.conf.all.accept_redirects",
  "net.ipv4.conf.all.forwarding": "net.ipv4.conf.all.accept_redirects",
};

/**
 * What IPVS parameters are born with. One that came with the module has no earlier value to go back to, and the module may
 * well stay. Source: the kernel's ipvs-sysctl.rst; read on Linux 6.1.
 */
const BORN_WITH: Readonly<Record<string, string>> = {
  "net.ipv4.vs.conn_reuse_mode": "1",
  "net.ipv4.vs.conntrack": "0",
  "net.ipv4.vs.expire_nodest_conn": "0",
  "net.ipv4.vs.expire_quiescent_template": "0",
  "net.ipv4.vs.pmtu_disc": "1",
  "net.ipv4.vs.sloppy_tcp": "0",
};

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

  read: (states) => {
    const keys = new Set(states.flatMap(({ key }) => [key, ...companionOf(key)]));
    return keys.size === 0 ? [] : [{ name: "sysctl", argv: ["grep", "-H", "", ...[...keys].map(path)] }];
  },

  parse(outputs, states) {
    const values = new Map<string, string>();
    for (const line of outputOf(outputs, "sysctl").stdout.split("\n")) {
      const colon = line.indexOf(":");
      values.set(line.slice(0, colon), words(line.slice(colon + 1)));
    }
    const found = states.flatMap(({ key }): readonly SysctlState[] => {
      const value = values.get(path(key));
      const [companion] = companionOf(key).map((other) => ({ key: other, value: values.get(path(other)) ?? "" }));
      return value === undefined ? [] : [{ key, value, ...(companion ? { companion } : {}) }];
    });
    return { states: new Map(found.map((state) => [state.key, state])), detail: undefined };
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
  if (!after) return forget(key);
  const { companion } = after;
  if (!companion) return write(after);
  return sh`{ ${raw(write(after))}; } &&\n{ ${raw(write(companion))}; }`;
}

function forget(key: string): ShellCommand {
  const value = BORN_WITH[key];
  if (value === undefined) return sh`: ${`${key} did not exist before; it goes with its module or interface`}`;
  return sh`[ ! -e ${path(key)} ] || ${raw(write({ key, value }))}`;
}

function write({ key, value }: Pick<SysctlState, "key" | "value">): ShellCommand {
  return sh`printf '%s\\n' ${value} > ${path(key)} || { echo ${`${key}: the kernel refused ${value}`} >&2; false; }`;
}

function companionOf(key: string): readonly string[] {
  const companion = COMPANIONS[key];
  return companion === undefined ? [] : [companion];
}

function path(key: string): string {
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
