/** Kernel parameters under /proc/sys. */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { type AdvertisedRoute, parseAdvertisedRoutes, readAdvertisedRoutes } from "../probes/advertised-routes.ts";
import { type InterfaceParameter, parseInterfaceSysctls, readInterfaceSysctls } from "../probes/interface-sysctls.ts";
import { inSequence, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { EVERY_ADDRESS } from "./network.ts";
import { outputOf } from "./outputs.ts";
import { type Change, oneByOne, type ResourceKind } from "./resource.ts";
import { lostAddresses, lostRoutes } from "./sysctl-caveats.ts";
import { dependsOnAdvertisements, sessionDangers } from "./sysctl-session.ts";
import { type SysctlState, swapSeparators } from "./sysctl-state.ts";

/** Turning forwarding on makes the kernel refuse redirects, turning it off makes it accept them, whatever was set before. */
const COMPANIONS: Readonly<Record<string, string>> = {
  "net.ipv4.ip_forward": "net.ipv4.conf.all.accept_redirects",
};

/** Other names of one parameter, as the kernel has them, and the one by which we know it. */
const ALIASES: Readonly<Record<string, string>> = {
  "net.ipv4.conf.all.forwarding": "net.ipv4.ip_forward",
  "net.nf_conntrack_max": "net.netfilter.nf_conntrack_max",
};

/**
 * Parameters that set another one on every interface, and for interfaces to come. Source: the kernel's inet_forward_change,
 * addrconf_fixup_forwarding and addrconf_disable_ipv6. Seen on Linux 6.18: those of IPv6 do so whenever they are written, that of
 * IPv4 when it changes.
 */
const SETS_INTERFACES: Readonly<Record<string, InterfaceParameter>> = {
  "net.ipv4.ip_forward": { family: 4, name: "forwarding" },
  "net.ipv6.conf.all.forwarding": { family: 6, name: "forwarding" },
  "net.ipv6.conf.all.disable_ipv6": { family: 6, name: "disable_ipv6" },
};

/**
 * Default values of IPVS parameters. A parameter that appeared with the module has no earlier value to restore, and the
 * module may stay loaded. Source: the kernel's ipvs-sysctl.rst; read on Linux 6.1.
 */
const DEFAULTS: Readonly<Record<string, string>> = {
  "net.ipv4.vs.conn_reuse_mode": "1",
  "net.ipv4.vs.conntrack": "0",
  "net.ipv4.vs.expire_nodest_conn": "0",
  "net.ipv4.vs.expire_quiescent_template": "0",
  "net.ipv4.vs.pmtu_disc": "1",
  "net.ipv4.vs.sloppy_tcp": "0",
};

/**
 * Values that do everything another value does, and more, by the parameter's last name. Source: the kernel's ip-sysctl.rst.
 * arp_ignore 2 also looks at the sender's subnet; tcp_syncookies 2 sends cookies always and not only under load;
 * tcp_timestamps 2 leaves out the random offset.
 */
const INCLUDES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  arp_ignore: { 1: ["2"] },
  tcp_syncookies: { 1: ["2"] },
  tcp_timestamps: { 1: ["2"] },
};

/** Parameters that keep a host from answering ARP for an address that it has. */
const SILENCES = /\.arp_(ignore|announce)$/;

const ROOT = "/proc/sys/";
const INTERFACES = "sysctl-interfaces";
const ADVERTISED = "sysctl-advertised";

/** What forwarding depends on and is judged by: the default routes by advertisements. */
type Detail = readonly AdvertisedRoute[];

/** Kernel parameters under /proc/sys. Source: sysctl(8). */
export const sysctl: ResourceKind<SysctlState, Detail> = {
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
  fields: { key: true, value: true, companion: { key: true, value: true }, interfaces: { key: true, value: true } },

  read: (states) => {
    const keys = new Set(states.flatMap(({ key }) => [key, ...companionOf(key)]));
    const along = [...keys].flatMap((key) => SETS_INTERFACES[key] ?? []);
    return [
      ...(keys.size === 0 ? [] : [{ name: "sysctl", argv: ["grep", "-H", "", ...[...keys].map(path)] }]),
      ...(along.length === 0 ? [] : [readInterfaceSysctls(INTERFACES, along)]),
      ...(states.some(dependsOnAdvertisements) ? [readAdvertisedRoutes(ADVERTISED)] : []),
    ];
  },

  parse(outputs, states) {
    const values = new Map<string, string>();
    for (const line of outputOf(outputs, "sysctl").stdout.split("\n")) {
      const colon = line.indexOf(":");
      values.set(line.slice(0, colon), words(line.slice(colon + 1)));
    }
    const single = parseInterfaceSysctls(INTERFACES, outputs).map(({ path: below, value }) => {
      return { key: swapSeparators(`net/${below}`), value };
    });
    const found = states.flatMap(({ key }): readonly SysctlState[] => {
      const value = values.get(path(key));
      const [companion] = companionOf(key).map((other) => ({ key: other, value: values.get(path(other)) ?? "" }));
      if (value === undefined) return [];
      const interfaces = single.filter((one) => isSetAlong(one.key, key) && one.value !== value);
      return [{ key, value, ...(companion ? { companion } : {}), ...(interfaces.length > 0 ? { interfaces } : {}) }];
    });
    return {
      states: new Map(found.map((state) => [state.key, state])),
      detail: parseAdvertisedRoutes(ADVERTISED, outputs),
    };
  },

  diff: (actual, desired) => (actual.value === desired.value ? [] : ["value"]),
  join: (one, other) => (includes(one, other) ? one : includes(other, one) ? other : undefined),
  bare: () => ({ states: new Map(), detail: [] }),
  commands: (changes, { states }) =>
    oneByOne(changes, (change) => {
      const kept = setAlong(change, [...states.keys(), ...changes.map(({ key }) => key)]);
      return keeping(kept, restoring(change, new Set(kept), script(change)));
    }),
  comesBack: "kernel parameters",
  atBoot: (states, observed, context) =>
    sysctl
      .commands(
        states.map((after) => ({ kind: sysctl.kind, key: after.key, before: undefined, after })),
        observed,
        context,
      )
      .flatMap(({ makes, script }) =>
        makes.flatMap(({ key, after }) => {
          const silence = { place: "ARP parameters", later: { when: sh`lacking` } } as const;
          const step = after && { what: sysctl.describe(after), script: unlessSo(after, script) };
          return step ? [{ ...step, ...(SILENCES.test(key) ? silence : {}) }] : [];
        }),
      ),
  isSetting: true,
  caveats: (desired, { states, detail }, planned) => [
    ...lostRoutes(desired, detail, planned),
    ...lostAddresses(desired, states.get(desired.key)),
  ],
  network: ({ key }) => (/\.arp_ignore$/.test(key) ? { silent: [EVERY_ADDRESS] } : {}),
  originalWithout: (original, earlier) => {
    const [value] = earlier.flatMap((one) => foundBy(one.original, original.key) ?? []);
    return value === undefined ? original : { ...original, value };
  },
  dangers: (passage, changes, { found }, { detail }) => sessionDangers(passage, changes, found, detail),
  whenChangedByOthers: "leave",
  describe: ({ key, value }) => `sysctl ${key} = ${value}`,
};

function includes({ key, value }: SysctlState, less: SysctlState): boolean {
  const name = key.slice(key.lastIndexOf(".") + 1);
  return INCLUDES[name]?.[less.value]?.includes(value) ?? false;
}

/**
 * The kernel refuses a value by failing the write. We do not read it back: a shell's `read` reads single bytes, and
 * /proc/sys returns only the first.
 */
function script({ key, after }: Change<SysctlState>): ShellCommand {
  if (!after) return resetToDefault(key);
  const { companion } = after;
  if (!companion) return write(after);
  return sh`{ ${raw(write(after))}; } &&\n{ ${raw(write(companion))}; }`;
}

/** A switch that is right already is not written at boot: the kernel would set every interface, whatever it has there. */
function unlessSo({ key, value }: SysctlState, command: ShellCommand): ShellCommand {
  return SETS_INTERFACES[key] === undefined
    ? command
    : sh`[ "$(cat ${path(key)})" = ${value} ] || {\n${raw(command)}\n}`;
}

/** Whether the kernel sets the parameter `key` along with another one. */
function isSetAlong(key: string, by: string): boolean {
  const along = SETS_INTERFACES[by];
  if (along === undefined) return false;
  const [before, after] = [`net.ipv${along.family}.conf.`, `.${along.name}`];
  return key.startsWith(before) && key.endsWith(after) && key !== `${before}all${after}`;
}

/** What a parameter had by itself when a switch was found that sets it along; undefined if this is no such switch. */
function foundBy(switched: SysctlState | null, key: string): string | undefined {
  if (switched?.companion?.key === key) return switched.companion.value;
  if (switched === null || !isSetAlong(key, switched.key)) return undefined;
  return switched.interfaces?.find((one) => one.key === key)?.value ?? switched.value;
}

/** Which of the parameters that we deal with the kernel sets along with this one; each has a change of its own, or none. */
function setAlong({ key }: Change<SysctlState>, all: readonly string[]): readonly string[] {
  const companions = companionOf(key);
  return [...new Set(all.filter((other) => isSetAlong(other, key) || companions.includes(other)))];
}

/**
 * A command that brings a parameter back to what was found, and then those of interfaces that differed from it, but for those
 * in `kept`. One that differs from it now has been set by somebody since, and stays as it is; one that is gone is passed over.
 */
function restoring(
  { key, after }: Change<SysctlState>,
  kept: ReadonlySet<string>,
  command: ShellCommand,
): ShellCommand {
  const single = (after?.interfaces ?? []).filter((one) => !kept.has(one.key));
  if (single.length === 0) return command;
  const looks = single.map(
    (one, index) =>
      sh`had${index}=$(cat ${path(one.key)} 2>/dev/null || :); [ "$had${index}" != "$was" ] || had${index}=${one.value}`,
  );
  const writes = single.map(
    (one, index) =>
      sh`{ [ -z "$had${index}" ] || printf '%s\\n' "$had${index}" > ${path(one.key)} || [ ! -e ${path(one.key)} ]; }`,
  );
  const was = sh`was=$(cat ${path(key)} 2>/dev/null || :)`;
  return sh`${raw(inSequence([was, ...looks]))}\n${raw(inSequence([sh`{ ${raw(command)}; }`, ...writes], " &&\n"))}`;
}

/** A command after which these parameters have the values that they had before it. */
function keeping(keys: readonly string[], command: ShellCommand): ShellCommand {
  return keys.reduce<ShellCommand>(
    (inner, key, index) =>
      sh`kept${index}=$(cat ${path(key)} 2>/dev/null || :)\n{ ${raw(inner)}; } && { [ -z "$kept${index}" ] || printf '%s\\n' "$kept${index}" > ${path(key)}; }`,
    command,
  );
}

function resetToDefault(key: string): ShellCommand {
  const value = DEFAULTS[key];
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
 * The dotted form of a parameter's name. As in sysctl(8), whichever of `.` and `/` comes first is the separator. Throws
 * LVS-FACT-003 on a name that could leave /proc/sys.
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
  return ALIASES[key] ?? key;
}

function words(text: string): string {
  return text.trim().split(/\s+/).join(" ");
}
