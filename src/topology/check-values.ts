/** Checks single values for what a schema cannot: that an address is valid, that a host has a role, that a mode exists. */
import { nearest } from "../document/nearest.ts";
import type { Path } from "../document/parse-document.ts";
import { showValue } from "../document/show-value.ts";
import { addressLength, formatCidr, isLinkLocal, networkOf, parseCidr } from "../net/address.ts";
import { knownSysctl } from "../network/known-sysctls.ts";
import type { Host, Service, TopologyFile } from "./generated/topology-file.ts";
import { modeHint } from "./habits.ts";
import { listOf } from "./hosts.ts";
import { typographicQuotes } from "./mistyped.ts";
import type { Modes } from "./mode-traits.ts";
import { reservedFor } from "./reserved-address.ts";
import { realServersOf } from "./services.ts";

/** The path of a user's own playbook. */
const PLAYBOOK_PATH = /^\.{0,2}\/[^\x00-\x1f\x7f]{1,1023}$/;

/** A mistake in one value. */
export interface ValueMistake {
  readonly code:
    | "LVS-CONFIG-011"
    | "LVS-CONFIG-013"
    | "LVS-CONFIG-014"
    | "LVS-CONFIG-015"
    | "LVS-CONFIG-016"
    | "LVS-CONFIG-026"
    | "LVS-CONFIG-049";
  readonly path: Path;
  readonly what?: "key";
  readonly message: string;
  readonly hint: string;
}

/** Mistakes in the values of one host that passed the schema. */
export function checkHost(name: string, host: Host): readonly ValueMistake[] {
  const path = ["hosts", name];
  return [
    ...checkRoles(path, host),
    ...checkUnmanaged(path, host),
    ...Object.entries(host.interfaces).flatMap(([device, value]) =>
      checkEach([...path, "interfaces", device], value, checkInterface),
    ),
    ...checkEach([...path, "gateway"], host.gateway, checkNextHop),
    ...(host.routes ?? []).flatMap((route, index) => checkRoute([...path, "routes", index], route)),
    ...Object.entries(host.sysctls ?? {}).flatMap(([key, value]) => checkSysctl([...path, "sysctls", key], key, value)),
  ];
}

/** Mistakes in the values of one service that passed the schema. */
export function checkService(name: string, service: Service): readonly ValueMistake[] {
  const path = ["services", name];
  const { vip, vips = [], match, publish, localAddresses } = service;
  return [
    ...checkVip([...path, "vip"], vip),
    ...vips.flatMap((one, index) => checkVip([...path, "vips", index], one)),
    ...(match ?? []).flatMap(({ address }, index) => checkMatch([...path, "match", index, "address"], address)),
    ...(publish === undefined ? [] : checkEach([...path, "publish", "address"], publish.address, checkAddress)),
    ...checkEach([...path, "localAddresses"], localAddresses, checkUsable),
    ...realServersOf(service, []).flatMap(({ settings, path: entry }) =>
      checkEach([...path, ...entry, "address"], settings.address, checkAddress),
    ),
  ];
}

/** A mode that is neither one of `modes` nor the path of a playbook. */
export function checkMode(path: Path, mode: string, modes: Modes): readonly ValueMistake[] {
  if (PLAYBOOK_PATH.test(mode) || modes.isBuiltIn(mode)) return [];
  const builtIn = modes.builtIn();
  const names = [...builtIn.keys()];
  const similar = nearest(mode, names);
  const message = `${showValue(mode)} is not a valid value of "mode". How packets reach the real servers: ${names.map((name) => `\`${name}\``).join(", ")}, or the path of a playbook of your own, beginning with \`./\`, \`../\` or \`/\`.`;
  const meant =
    typographicQuotes(path, mode) ??
    modeHint(mode, builtIn) ??
    (similar === undefined ? undefined : `Did you mean "${similar}"?`);
  const hint = `${meant === undefined ? "" : `${meant} `}Possible: ${names.join(", ")}.`;
  return [{ code: "LVS-CONFIG-013", path, message, hint }];
}

/** Mistakes in the file's `networks`. */
export function checkNetworks(networks: NonNullable<TopologyFile["networks"]>): readonly ValueMistake[] {
  return Object.entries(networks).flatMap(([name, value]) => checkEach(["networks", name], value, checkSubnet));
}

function checkRoute(path: Path, { to, via, device }: NonNullable<Host["routes"]>[number]): readonly ValueMistake[] {
  const isOne = (via === undefined) !== (device === undefined);
  return [
    ...checkNetwork([...path, "to"], to),
    ...checkEach([...path, "via"], via, checkNextHop),
    ...(isOne ? [] : [via === undefined ? nowhere(path, to) : twoWays(path, to, via, device)]),
  ];
}

function nowhere(path: Path, to: string): ValueMistake {
  const message = `The route to ${to} leads nowhere: it has neither a router nor an interface.`;
  const hint =
    "Add `via` with the router's address; or `device`, if the hosts are on one of the host's own interfaces.";
  return { code: "LVS-CONFIG-011", path, message, hint };
}

function twoWays(path: Path, to: string, via: string, device: string | undefined): ValueMistake {
  const message = `\`via\` and \`device\` are both there. With \`via\` the interface is the one on the router's subnet, and \`device\` is for hosts without a router between.`;
  const hint = `Delete \`device\`, if ${via} is a router; or delete \`via\`, if ${to} is on ${device} itself.`;
  return { code: "LVS-CONFIG-016", path: [...path, "device"], message, hint };
}

function checkVip(path: Path, vip: Service["vip"]): readonly ValueMistake[] {
  return typeof vip === "object" ? checkUsable([...path, "address"], vip.address) : checkEach(path, vip, checkUsable);
}

type Check = (path: Path, text: string) => readonly ValueMistake[];

function checkEach(path: Path, value: string | readonly string[] | undefined, check: Check): readonly ValueMistake[] {
  return listOf(value).flatMap((text, index) => check(Array.isArray(value) ? [...path, index] : path, text));
}

/** A router's address, whose interface stands after a `%`. */
function checkNextHop(path: Path, text: string): readonly ValueMistake[] {
  return checkAddress(path, text.replace(/%.*$/, ""));
}

function checkAddress(path: Path, text: string): readonly ValueMistake[] {
  if (parseCidr(text) !== undefined) return [];
  const message = `"${text}" is not an IP address.`;
  return [
    {
      code: "LVS-CONFIG-015",
      path,
      message,
      hint: "IPv6 has eight groups of hexadecimal digits; `::` stands for zeros, once.",
    },
  ];
}

/** An address that a single host is to have, for others to ask. */
function checkUsable(path: Path, text: string): readonly ValueMistake[] {
  const address = parseCidr(text);
  if (address === undefined) return checkAddress(path, text);
  const what = reservedFor(address);
  if (what === undefined) return [];
  const message = `${address.address} ${what}.`;
  return [{ code: "LVS-CONFIG-026", path, message, hint: "Choose an address of a single host." }];
}

/** Every IPv6 interface has a link-local address. */
function checkInterface(path: Path, text: string): readonly ValueMistake[] {
  const address = parseCidr(text);
  return address !== undefined && isLinkLocal(address) ? [] : checkUsable(path, text);
}

/** What a firewall mark is for: an address, or a network. */
function checkMatch(path: Path, text: string): readonly ValueMistake[] {
  const network = parseCidr(text);
  const isSingle = network?.prefix === addressLength(network?.family ?? 4);
  return isSingle ? checkUsable(path, text) : checkNetwork(path, text);
}

/** A network that hosts are on, which has a prefix length. */
function checkSubnet(path: Path, text: string): readonly ValueMistake[] {
  return checkNetwork(path, text, false);
}

function checkNetwork(path: Path, text: string, canBeAddress = true): readonly ValueMistake[] {
  const cidr = parseCidr(text);
  if (cidr === undefined) return checkAddress(path, text);
  const network = formatCidr(networkOf(cidr));
  if (formatCidr(cidr) === network) return [];
  const message = `"${text}" is an address inside of a network, not a network: the bits after the prefix are not zero.`;
  return [
    {
      code: "LVS-CONFIG-016",
      path,
      message,
      hint: canBeAddress
        ? `Write "${network}" for the network, or "${cidr.address}" for the address alone.`
        : `Write "${network}".`,
    },
  ];
}

/** A value with which the network could not be reckoned with: the kernel takes a number, and knows these. */
function checkSysctl(path: Path, key: string, value: string | number): readonly ValueMistake[] {
  const known = knownSysctl(key);
  if (known === undefined || (/^\d+$/.test(String(value)) && Number(value) <= known.most)) return [];
  const range = `a whole number from 0 to ${known.most}`;
  const message = `${showValue(value)} is not a valid value of "${key}": it is ${range}.`;
  return [{ code: "LVS-CONFIG-014", path, message, hint: `Write ${range}: ${known.meaning}.` }];
}

/** What only a login could make use of. A kernel setting that nobody has made sure of must not be reckoned with either. */
function checkUnmanaged(path: Path, { managed, ssh, sysctls }: Host): readonly ValueMistake[] {
  if (managed !== false) return [];
  const code = "LVS-CONFIG-049" as const;
  const name = path.at(-1);
  const login = `lvsctl does not log in to "${name}" (\`managed: false\`)`;
  const other = "or delete `managed: false`.";
  return [
    ...(ssh === undefined
      ? []
      : [
          {
            ...{ code, path: [...path, "ssh"], what: "key" as const },
            message: `${login}, so nothing uses \`ssh\`.`,
            hint: `Delete it, ${other}`,
          },
        ]),
    ...(sysctls === undefined
      ? []
      : [
          {
            ...{ code, path: [...path, "sysctls"], what: "key" as const },
            message: `${login}, so it neither makes kernel settings there nor knows of any.`,
            hint: `Delete it and agree on them with the owner of "${name}", ${other}`,
          },
        ]),
  ];
}

function checkRoles(path: Path, { role, roles }: Host): readonly ValueMistake[] {
  if (role === undefined && roles === undefined) {
    const message = `The host "${path.at(-1)}" has no role, so nothing would be done with it.`;
    return [
      {
        code: "LVS-CONFIG-011",
        path,
        what: "key",
        message,
        hint: "Add `role:` firewall, director, real-server or client.",
      },
    ];
  }
  if (role === undefined || roles === undefined) return [];
  const message = "`role` and `roles` are both there, and only one of them can count.";
  return [
    {
      code: "LVS-CONFIG-016",
      path: [...path, "role"],
      message,
      hint: "Put all roles into `roles`, and delete `role`.",
    },
  ];
}
