/**
 * Directors that are real servers too. A lone one always can be: IPVS hands a packet for an address of its own host to that
 * host, whatever the forwarding method (LocalNode). Tried with each built-in mode: test/e2e/roles.test.ts.
 */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import type { Draft } from "../draft.ts";
import { modesWith } from "../other-modes.ts";
import { leavesOneDirector } from "../rivals.ts";
import type { ServiceMode } from "../service-mode.ts";
import type { Service } from "../topology.ts";

/** Schedulers that choose by the client's address alone, so that equal directors choose the same real server. */
const SAME_EVERYWHERE: readonly string[] = ["sh", "mh"];

/** LVS-CONFIG-054, once for each service, with all hosts that it is about; not where LVS-CONFIG-063 leaves a lone director. */
export function* directorRealServers(draft: Draft): Iterable<LvsctlError> {
  for (const service of draft.services) {
    const directors = new Set(service.directors.map(({ host }) => host));
    const both = service.realServers.map(({ host }) => host).filter((host) => directors.has(host));
    const mode = draft.modeOf(service);
    if (both.length === 0 || mode.traits.localNode === undefined) continue;
    const trouble = mode.traits.localNode
      ? directors.size > 1 && !leavesOneDirector(draft, service)
        ? betweenDirectors(draft, service, mode)
        : undefined
      : ownModesTrouble(draft, mode);
    if (trouble === undefined) continue;
    const others = service.realServers.map(({ host }) => host).filter((host) => !directors.has(host));
    const message = `${naming(both)} of "${entryOf(service.name)}": ${trouble.why}.`;
    const instead = others.length === 0 ? "hosts that are not directors" : `only ${others.join(", ")}`;
    const hint = `${trouble.way === "" ? "List" : `${trouble.way}Or list`} ${instead} under the service's \`realServers\`.`;
    yield draft.problem("LVS-CONFIG-054", ["services", service.name, "realServers"], { message, hint }, "key");
  }
}

interface Trouble {
  readonly why: string;
  /** A way out that keeps the hosts, as a sentence; or nothing. */
  readonly way: string;
}

function ownModesTrouble(draft: Draft, { name }: ServiceMode): Trouble {
  const modes = modesWith(draft, (traits) => traits.localNode === true);
  return {
    why: `the playbook of mode ${name} says that a director cannot hand requests to itself (\`localNode: false\`)`,
    way: modes.length === 0 ? "" : `Use the mode ${modes.join(" or ")}. `,
  };
}

/** What happens to requests that one director hands to another; undefined if that works. */
function betweenDirectors(
  draft: Draft,
  { scheduler, localAddresses }: Service,
  mode: ServiceMode,
): Trouble | undefined {
  if (mode.rewrites("outer") === true) {
    const why = `mode ${mode.name} sets up no tunnel device on a director, so none takes packets out of the tunnel of another one`;
    const [direct] = modesWith(draft, ({ localNode, reach, rewrites }) => {
      return localNode === true && reach === "segment" && rewrites !== undefined && rewrites.destination === undefined;
    });
    const way =
      direct && `If directors and real servers are on one segment, use the mode ${direct} with \`scheduler: sh\`. `;
    return { why, way: way ?? "" };
  }
  if (mode.rewrites("destination") === true) {
    if (mode.rewrites("source") === false) {
      const setting = mode.traits.rewrites?.source;
      return {
        why: "what one director hands to another is answered past the first, which alone can turn the address back into the virtual one",
        way: setting === undefined ? "" : `Set \`${setting}\`, so that replies return to the director that asked. `,
      };
    }
    if (localAddresses.length === 0) return undefined;
    return { why: "replies to a local address stay on the director that answers, as each of them has it", way: "" };
  }
  if (SAME_EVERYWHERE.includes(scheduler)) return undefined;
  return {
    why: "a director distributes what another one hands to it once more, because it has the virtual address too",
    way: "Set `scheduler: sh`, by which each of them chooses the same real server for a client. ",
  };
}

function naming(hosts: readonly string[]): string {
  const names = andList(hosts.map((host) => `"${host}"`));
  return hosts.length === 1 ? `${names} is a director and a real server` : `${names} are directors and real servers`;
}
