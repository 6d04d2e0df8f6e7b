/** Hosts that services name must exist and have the right role. */
import { nearest } from "../../document/nearest.ts";
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import { realServersOf } from "../services.ts";
import type { Host, Role } from "../topology.ts";

interface Reference {
  readonly path: Path;
  readonly host: string;
  readonly what: "key" | "value";
  /** The host needs one of these roles. */
  readonly roles: readonly Role[];
  /** What a host without such a role cannot do. */
  readonly why: string;
  /** Hosts that stand beside it already: none of them is meant. */
  readonly beside?: readonly string[];
}

/** A file with more misspelt names than this gets no further suggestions; each one means comparing with every host. */
const MAX_SUGGESTIONS = 20;

/** LVS-CONFIG-020 for hosts that do not exist, LVS-CONFIG-021 for hosts without the role. */
export function* hostReferences(draft: Draft): Iterable<LvsctlError> {
  const { hostNames } = draft;
  if (hostNames === undefined) return;
  let suggestions = 0;
  for (const reference of references(draft)) {
    const { path, host, what, roles, why, beside = [] } = reference;
    if (!hostNames.has(host)) {
      suggestions += 1;
      const similar =
        suggestions > MAX_SUGGESTIONS
          ? undefined
          : nearest(
              host,
              [...hostNames].filter((name) => !beside.includes(name)),
            );
      const owner = draft.ownerOf(host)?.host;
      yield draft.problem("LVS-CONFIG-020", path, unknownHost(draft, reference, owner ?? similar), what);
      continue;
    }
    const known = draft.hosts.get(host);
    if (known === undefined || roles.some((role) => known.roles.includes(role))) continue;
    const message = `The role of "${host}" is ${known.roles.join(" and ")}: ${why}.`;
    yield draft.problem("LVS-CONFIG-021", path, { message, hint: adviseRole(draft, reference, known) }, what);
  }
}

function* references(draft: Draft): Iterable<Reference> {
  for (const [service, file] of draft.serviceFiles) {
    const { publish, synproxy } = file;
    // Where real servers answer by themselves, a director sees no replies to translate back.
    const seesReplies = draft.modesOf(service).every(({ traits }) => traits.answeredBy !== "real-server");
    const path = ["services", service];
    const realServers = realServersOf(file, []);
    const beside = realServers.map((one) => one.host);
    for (const { host, hostAt } of realServers) {
      const [entry, what] = hostAt;
      const why = "nothing would be set up on it that lets it answer for the service";
      yield { path: [...path, ...entry], host, what, roles: ["real-server"], why, beside };
    }
    if (publish !== undefined) {
      const why = "addresses are translated (DNAT) on a firewall, which the packets of clients pass first";
      yield { path: [...path, "publish", "on"], host: publish.on, what: "value", roles: ["firewall"], why };
    }
    if (synproxy !== undefined) {
      const isDirectorToo = seesReplies || draft.hosts.get(synproxy.on)?.roles.includes("director") === true;
      const why = `handshakes can only be answered where they pass, on a firewall${seesReplies ? " or a director" : ""}`;
      yield {
        path: [...path, "synproxy", "on"],
        host: synproxy.on,
        what: "value",
        roles: isDirectorToo ? ["firewall", "director"] : ["firewall"],
        why,
      };
    }
  }
}

function unknownHost(draft: Draft, reference: Reference, similar: string | undefined) {
  const { host } = reference;
  const others = candidates(draft, reference, similar);
  const add = `${parseCidr(host) === undefined ? `add "${host}"` : "add a host"} under \`hosts\` with ${asRole(reference.roles)}.`;
  const way = others === "" ? add : `name ${others}, or ${add}`;
  return {
    message: `No host is called "${host}".`,
    hint:
      similar === undefined
        ? way.replace(/^./, (letter) => letter.toUpperCase())
        : `Did you mean "${similar}"? Or ${way}`,
  };
}

/** The hosts that the reference could name, without one that is named already; empty if there is none. */
function candidates(draft: Draft, { roles, beside = [] }: Reference, named?: string): string {
  const all = [...draft.hosts.values()]
    .filter((host) => roles.some((role) => host.roles.includes(role)))
    .map(({ name }) => name)
    .filter((name) => name !== named && !beside.includes(name));
  const list = `${all.slice(0, 12).join(", ")}${all.length > 12 ? ", …" : ""}`;
  return all.length > 1 ? `one of ${list}` : list;
}

function adviseRole(draft: Draft, reference: Reference, { name, roles: own }: Host): string {
  const others = candidates(draft, reference);
  const [role = "firewall"] = reference.roles;
  return others === ""
    ? `Give a host ${asRole(reference.roles)}, and name it here.`
    : `Name a host with the role ${reference.roles.join(" or ")}: ${others.replace("one of ", "")}. Or, if "${name}" is a ${role.replace("-", " ")} too, write \`roles: [${[...own, role].join(", ")}]\` there.`;
}

function asRole(roles: readonly Role[]): string {
  return `\`role: ${roles[0] ?? ""}\``;
}
