/** The addresses at which services reach their real servers and from which directors send to them, and their families. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { canonicalAddress, type Family, isLinkLocalText, otherFamily, parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import type { Service as ServiceFile } from "../generated/topology-file.ts";
import { orUse } from "../other-modes.ts";
import type { ServiceMode } from "../service-mode.ts";
import { familyOf, realServersOf, sendingFamilies } from "../services.ts";
import type { Service } from "../topology.ts";

/** LVS-CONFIG-030 for an address that the host does not have, LVS-CONFIG-031 for a host without a family that it needs. */
export function* realServerAddresses(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    yield* checkWritten(draft, service);
    yield* checkRealServers(draft, service);
    yield* checkDirectors(draft, service);
  }
}

function* checkWritten(draft: Draft, service: Service): Iterable<LvsctlError> {
  const { name } = service;
  const file = draft.serviceFiles.get(name);
  if (file === undefined) return;
  for (const { host, settings, mode: its, path: entry } of realServersOf(file, [])) {
    if (settings.address === undefined || its !== draft.modeOf(service).name) continue;
    const address = canonicalAddress(settings.address);
    const own = (draft.addresses.get(host) ?? []).map((known) => known.address);
    const path = ["services", name, ...entry, "address"];
    const mode = draft.modeOf(service);
    if (!own.includes(address)) {
      const message = isLinkLocalText(address)
        ? `${address} is link-local, and IPVS keeps no interface with an address, so packets for it could go elsewhere.`
        : `${address} is no address of "${host}", so packets for it would go elsewhere.`;
      yield draft.problem("LVS-CONFIG-030", path, { message, hint: `${adviseAddress(draft, host, file, mode)}.` });
    } else if (mode.traits.mixedFamilies !== true && parseCidr(address)?.family !== familyOf(file)) {
      const message = `${asWritten(draft, name, familyOf(file))}, and ${address} is not IPv${familyOf(file)}. ${whySameFamily(mode)}`;
      const hint =
        draft.familiesBeside(name).length > 1
          ? `Delete \`address\`: "${host}" is then asked at one of each family. Or make a service for each family.`
          : `${adviseAddress(draft, host, file, mode)}${orMix(draft, file)}.`;
      yield draft.problem("LVS-CONFIG-030", path, { message, hint });
    }
  }
}

/** The begin of a hint: the addresses of a host that a service could name. */
function adviseAddress(draft: Draft, host: string, file: ServiceFile, { traits }: ServiceMode): string {
  const own = draft.addresses.get(host) ?? [];
  const fitting = traits.mixedFamilies === true ? own : own.filter(({ family }) => family === familyOf(file));
  const lines = fitting.map(({ address }) => `\`address: ${address}\``);
  return lines.length === 0 ? "Delete `address`" : `Write ${lines.join(" or ")}, or delete \`address\``;
}

function* checkRealServers(draft: Draft, service: Service): Iterable<LvsctlError> {
  const { name, family } = service;
  const file = draft.serviceFiles.get(name);
  const mode = draft.modeOf(service);
  if (file === undefined || mode.traits.mixedFamilies === true) return;
  const all = draft.withRole("real-server").map((host) => host.name);
  const entries = realServersOf(file, all).filter((entry) => entry.mode === mode.name);
  for (const host of new Set(entries.map((entry) => entry.host))) {
    if (hasFamily(draft, host, family)) continue;
    const message = `${asWritten(draft, name, family)}, and its real server "${host}" has no IPv${family} address. ${whySameFamily(mode)}`;
    const hint = `${giveAddress(draft, host, family)}, or list only others under the service's \`realServers\`${orMix(draft, file)}.`;
    yield draft.problem("LVS-CONFIG-031", ["hosts", host, "interfaces"], { message, hint }, "key");
  }
}

/** A director needs an address from which to send, but none of the service's own family besides the virtual one. */
function* checkDirectors(draft: Draft, { name, family, realServers }: Service): Iterable<LvsctlError> {
  const families = sendingFamilies(family, realServers);
  for (const { name: host } of draft.withRole("director")) {
    const missing = families.find((one) => !hasFamily(draft, host, one));
    if (missing === undefined) continue;
    const far = realServers.find((server) => server.family === missing);
    const message =
      far === undefined || missing === family
        ? `${asWritten(draft, name, family)}, and its director "${host}" has no IPv${family} address.`
        : `"${entryOf(name)}" reaches "${far.host}" at ${far.address}, and its director "${host}" has no IPv${missing} address to send from.`;
    yield draft.problem(
      "LVS-CONFIG-031",
      ["hosts", host, "interfaces"],
      { message, hint: `Give "${host}" an IPv${missing} address.` },
      "key",
    );
  }
}

/** The begin of a hint: what a host needs for a family, next to a director that has it. */
function giveAddress(draft: Draft, host: string, family: Family): string {
  const directors = draft.withRole("director").filter(({ name }) => name !== host);
  const near = directors.flatMap(({ name }) => draft.addresses.get(name) ?? []).find((one) => one.family === family);
  const where = near === undefined ? "" : ` in ${near.network}, the director's subnet, and an IPv${family} \`gateway\``;
  return `Give "${host}" an IPv${family} address${where}`;
}

/** What an entry's addresses are: of this family alone, or of both. */
function asWritten(draft: Draft, name: string, family: Family): string {
  const entry = entryOf(name);
  return draft.familiesBeside(name).length > 1
    ? `"${entry}" has IPv4 and IPv6 addresses`
    : `"${entry}" is an IPv${family} service`;
}

/** Whether a host has an address of a family; a host that is not known has one, as far as anybody knows. */
function hasFamily(draft: Draft, host: string, family: Family): boolean {
  return draft.addresses.get(host)?.some((address) => address.family === family) !== false;
}

/**
 * Why a real server needs an address of the service's family. Tried with Linux 6.1 and ipvsadm 1.31: for -g and -m, both ways,
 * "Different address family is allowed only for tunneling servers"; with -i requests arrive, both ways, by IP in IP, GUE and
 * GRE. The kernel has the same check: ip_vs_genl_set_cmd in net/netfilter/ipvs/ip_vs_ctl.c.
 */
function whySameFamily({ name, traits, rewrites }: ServiceMode): string {
  if (rewrites("outer") === false) {
    return "IPVS passes requests on in their own family, unless a tunnel puts a header of the other one around them.";
  }
  return traits.mixedFamilies === false
    ? `The playbook of mode ${name} says that it carries requests only in their own family (\`mixedFamilies: false\`).`
    : `The playbook of mode ${name} does not say that its tunnel carries requests of the other family (\`mixedFamilies: true\`).`;
}

/** The end of a hint: the modes whose tunnels carry the service's family in the other one, and what to delete for them. */
function orMix(draft: Draft, file: ServiceFile): string {
  const way = orUse(draft, ({ mixedFamilies }) => mixedFamilies === true);
  const idle = file.localAddresses === undefined ? "" : " without `localAddresses`";
  const family = familyOf(file);
  return way === "" ? "" : `${way}${idle}, whose tunnel carries IPv${family} requests over IPv${otherFamily(family)}`;
}
