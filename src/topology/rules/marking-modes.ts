/** Services by firewall mark need a mode whose playbook enters them by their mark. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { whyChosen } from "../chosen-mark.ts";
import type { Draft } from "../draft.ts";
import { modesWith } from "../other-modes.ts";
import type { ServiceMode } from "../service-mode.ts";

/** LVS-CONFIG-083, at the mark, or at the ports or addresses for which lvsctl has chosen one. */
export function* markingModes(draft: Draft): Iterable<LvsctlError> {
  for (const [name, { fwmark }] of draft.serviceFiles) {
    const mode = draft.modesOf(name).find((one) => !one.takesMarks);
    if (fwmark === undefined || mode === undefined) continue;
    const chosen = whyChosen(draft, name);
    const needs =
      chosen === undefined
        ? `"${entryOf(name)}" has a firewall mark`
        : `The service's ${chosen} works by a firewall mark`;
    const message = `${needs}, and mode ${mode.name} has none: its playbook enters services by their virtual address alone.`;
    const apart =
      chosen === undefined
        ? "`vip` and `port` in place of `fwmark` and `match`"
        : "a service for each address and port";
    const hint = `Write ${apart}${insteadOf(draft, mode)}; or let the playbook's IPVS steps name the mark too, \`fwmark: \${{ service.?fwmark }}\`, with \`address: \${{ service.?vip.?address }}\` and \`port: \${{ service.?port }}\`.`;
    yield draft.problem("LVS-CONFIG-083", ["services", name, "fwmark"], { message, hint }, "key");
  }
}

/** The built-in modes that send replies the same way. */
function insteadOf(draft: Draft, { traits }: ServiceMode): string {
  const names =
    traits.answeredBy === undefined ? [] : modesWith(draft, ({ answeredBy }) => answeredBy === traits.answeredBy);
  return names.length === 0 ? "" : `, or use the mode ${names.join(" or ")}`;
}
