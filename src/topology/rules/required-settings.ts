/** Settings that a service's mode requires. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import type { Draft } from "../draft.ts";
import { freeDirectorAddress } from "../free-address.ts";
import type { ModeSetting } from "../mode-traits.ts";
import { isSet } from "../service-mode.ts";
import { familyOf } from "../services.ts";

/** A value of each setting, as the file would have it. */
const EXAMPLES: Readonly<Record<ModeSetting, string>> = {
  tunnel: "tunnel: { type: gue, port: 6080 }",
  mssClamp: "mssClamp: 1440",
  masquerade: "masquerade: true",
  internet: "internet: true",
  localAddresses: "localAddresses: [192.0.2.7]",
  arp: "arp: arptables",
};

/** LVS-CONFIG-039 for missing local addresses, LVS-CONFIG-011 for any other missing setting. */
export function* requiredSettings(draft: Draft): Iterable<LvsctlError> {
  for (const [service, file] of draft.serviceFiles) {
    const required = draft
      .modesOf(service)
      .flatMap((mode) => Object.entries(mode.traits.settings ?? {}).map(([key, use]) => ({ mode, key, use })));
    for (const { mode, key, use } of required) {
      if (use !== "required" || isSet(file, key as ModeSetting)) continue;
      const { name } = mode;
      const path = ["services", service];
      if (key === "localAddresses") {
        const family = draft.familiesBeside(service).length > 1 ? `IPv${familyOf(file)} ` : "";
        const none = `none${family === "" ? "" : ` of ${family.trim()}`}`;
        const message =
          mode.rewrites("source") === true
            ? `In mode ${name} the director puts an address of its own (a LIP) in place of the client's, and there is ${none} to take.`
            : `The mode ${name} does not work without local ${family}addresses (LIPs) of the director, and "${entryOf(service)}" has none.`;
        const free = freeDirectorAddress(draft, service, familyOf(file));
        const line =
          free === undefined
            ? " under `localAddresses`"
            : `: \`localAddresses: [${free}]\`, for example, if no other machine has it`;
        const hint = `Add one or more free ${family}addresses of the director's subnet${line}.`;
        yield draft.problem("LVS-CONFIG-039", path, { message, hint }, "key");
      } else {
        const message = `The mode ${name} does not work without \`${key}\`, and "${entryOf(service)}" has none.`;
        yield draft.problem(
          "LVS-CONFIG-011",
          path,
          { message, hint: `Add \`${EXAMPLES[key as ModeSetting]}\`, for example.` },
          "key",
        );
      }
    }
  }
}
