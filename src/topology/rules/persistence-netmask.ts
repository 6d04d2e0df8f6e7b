/** Persistence groups clients by a mask of the service's own family. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { familyOf } from "../services.ts";

/** LVS-CONFIG-053. */
export function* persistenceNetmask(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    const netmask = file.persistence?.netmask;
    const family = familyOf(file);
    if (netmask === undefined || (typeof netmask === "string") === (family === 4)) continue;
    const at = ["services", name, "persistence", "netmask"];
    if (draft.familiesBeside(name).length > 1) {
      const message =
        "The service is for IPv4 and IPv6: ipvsadm masks clients of the one by a netmask, those of the other by a prefix length.";
      const hint = "Make a service for each family with its own, or delete `netmask`.";
      yield draft.problem("LVS-CONFIG-053", at, { message, hint });
      continue;
    }
    const message = `The service is IPv${family}, whose clients ipvsadm masks by a ${family === 4 ? "netmask" : "prefix length"}.`;
    const hint = family === 4 ? "Write it as 255.255.255.0." : "Write it as a number, such as 64.";
    yield draft.problem("LVS-CONFIG-053", at, { message, hint });
  }
}
