/** Modes of one service that must not meet in it: the rules that rewrite sources cannot tell its real servers apart. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import type { ServiceMode } from "../service-mode.ts";
import { realServersOf } from "../services.ts";

/**
 * LVS-CONFIG-080. By the time that netfilter replaces a source, it knows the virtual service and the forwarding method, but
 * not which of the modes chose the method. Source: the ipvs match in iptables-extensions(8).
 */
export function* mixedSources(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    const translating = draft.modesOf(name).filter((mode) => mode.rewrites("destination") === true);
    const [first] = translating;
    const other = translating.find((mode) => first !== undefined && sourceOf(mode) !== sourceOf(first));
    const entry = realServersOf(file, []).find(({ mode }) => mode === other?.name);
    if (first === undefined || other === undefined || entry === undefined) continue;
    const message = `In mode ${first.name} real servers see ${sourceOf(first)}, in mode ${other.name} ${sourceOf(other)}; the director cannot tell the two apart within one service.`;
    const hint = `Use one of the two modes for all real servers that the director translates for, or make two services.`;
    const at = [...entry.path, ...(entry.settings.mode === undefined ? [] : ["mode"])];
    yield draft.problem("LVS-CONFIG-080", ["services", name, ...at], { message, hint }, "key");
  }
}

/** Whom real servers see, and by which setting. */
function sourceOf({ traits, rewrites }: ServiceMode): string {
  if (rewrites("source") !== true) return "the client's address";
  const setting = traits.rewrites?.source;
  return setting === "always" ? "an address of the director's" : `an address of the director's (\`${setting}\`)`;
}
