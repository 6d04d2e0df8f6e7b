/** Hosts that services name must exist and have the right role. */
import { nearest } from "../../document/nearest.ts";
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { realServersOf } from "../services.ts";
import type { Role } from "../topology.ts";

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
      yield draft.problem("LVS-CONFIG-020", path, unknownHost(host, owner ?? similar, hostNames), what);
      continue;
    }
    const known = draft.hosts.get(host);
    if (known === undefined || roles.some((role) => known.roles.includes(role))) continue;
    const message = `The role of "${host}" is ${known.roles.join(" and ")}: ${why}.`;
    const hint = `Give "${host}" the role ${roles.join(" or ")} (\`roles\` takes several), or name another host.`;
    yield draft.problem("LVS-CONFIG-021", path, { message, hint }, what);
  }
}

function* references(draft: Draft): Iterable<Reference> {
  for (const [service, file] of draft.serviceFiles) {
    const { publish, synproxy } = file;
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
      const why = "handshakes can only be answered where they pass, on a firewall or a director";
      yield {
        path: [...path, "synproxy", "on"],
        host: synproxy.on,
        what: "value",
        roles: ["firewall", "director"],
        why,
      };
    }
  }
}

function unknownHost(host: string, similar: string | undefined, known: ReadonlySet<string>) {
  const some = [...known].slice(0, 12).join(", ");
  return {
    message: `No host is called "${host}".`,
    hint: `${similar === undefined ? "" : `Did you mean "${similar}"? `}Hosts: ${some}${known.size > 12 ? ", …" : ""}.`,
  };
}
