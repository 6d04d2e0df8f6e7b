/** What a service answers to: an address and port, or a firewall mark; no two services may answer to the same. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { entryOf } from "../../lvs/service-name.ts";
import { canonicalAddress } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { addressOf, familyOf } from "../services.ts";

/**
 * LVS-CONFIG-046 for a service with neither or both, LVS-CONFIG-024 for one that duplicates another. The kernel keeps a mark's
 * services of the two families apart: __ip_vs_svc_fwm_find in its ip_vs_ctl.c.
 */
export function* serviceIdentity(draft: Draft): Iterable<LvsctlError> {
  const taken = new Map<string, string>();
  for (const [name, file] of draft.serviceFiles) {
    const path = ["services", name];
    const mistakes = [
      ...(file.fwmark === undefined ? checkAddressed(path, file, draft) : checkMarked(name, file, draft)),
    ];
    yield* mistakes;
    if (mistakes.length > 0) continue;
    const key = identity(file);
    const kept = file.fwmark === undefined ? key : `${key} IPv${familyOf(file)}`;
    const other = taken.get(kept);
    if (other === undefined) {
      taken.set(kept, name);
      continue;
    }
    const [one, two] = [entryOf(name), entryOf(other)];
    const message =
      one === name && two === other
        ? `"${one}" is the same virtual service as "${two}" (${key}); the kernel can hold it only once.`
        : `"${one}" and "${two}" are both for ${key}; the kernel can hold that only once.`;
    const another = file.fwmark === undefined ? "address, port or protocol" : "mark";
    const hint = `Give it another ${another}, or make one service of the two.`;
    yield draft.problem("LVS-CONFIG-024", path, { message, hint }, "key");
  }
}

function identity({ fwmark, vip, port, protocol = "tcp" }: Service): string {
  return fwmark === undefined ? `${protocol} ${canonicalAddress(addressOf(vip) ?? "")} port ${port}` : `mark ${fwmark}`;
}

const ADD = {
  vip: "Add the address that clients connect to, such as `vip: 192.0.2.100`; or several, `vips: [192.0.2.100, 192.0.2.101]`.",
  port: "Add the port that clients connect to, such as `port: 80`; or several, `ports: [80, 443]`; or `port: 0` and `persistence: {}` for every port.",
  both: "Add `vip` and `port`, or `vips` and `ports`; or `fwmark` and `match` for one service on many addresses and ports.",
};

function* checkAddressed(path: Path, file: Service, draft: Draft): Iterable<LvsctlError> {
  const missing = (["vip", "port"] as const).filter((key) => file[key] === undefined);
  // With `match`, it is the mark that is missing.
  if (missing.length > 0 && (file.match === undefined || missing.length === 1)) {
    const message = `${missing.map((key) => `"${key}"`).join(" and ")} ${missing.length === 1 ? "is" : "are"} missing: clients connect to an address and a port.`;
    yield draft.problem(
      "LVS-CONFIG-046",
      path,
      { message, hint: ADD[missing.length === 1 ? (missing[0] ?? "both") : "both"] },
      "key",
    );
  }
  if (file.match !== undefined) {
    const message = "`match` says which packets get a firewall mark, and this service has no mark.";
    yield draft.problem(
      "LVS-CONFIG-046",
      [...path, "match"],
      {
        message,
        hint: "Add `fwmark` with a number of its own, such as `fwmark: 17`; or delete `match`, and say with `vip` and `port` what the service answers to.",
      },
      "key",
    );
  }
}

/** A mark that lvsctl has chosen is for a service that has what the entry says. */
function* checkMarked(name: string, file: Service, draft: Draft): Iterable<LvsctlError> {
  if (draft.entries.get(name)?.fwmark === undefined) return;
  const path = ["services", name];
  if (file.match === undefined) {
    const message = "A firewall-mark service gets the packets that `match` marks, and there is no `match`.";
    const hint = "Add `match` with the addresses, protocol and ports of the service.";
    yield draft.problem("LVS-CONFIG-046", [...path, "fwmark"], { message, hint }, "key");
  }
  const needless = (["vip", "port", "protocol", "publish", "synproxy"] as const).filter(
    (key) => file[key] !== undefined && !(key === "protocol" && isForTcp(file)),
  );
  for (const key of needless) {
    const message = `A firewall-mark service has no \`${key}\`: it is known by its mark alone, whatever address and port a packet goes to.`;
    const hint = `Delete \`${key}\`, or delete \`fwmark\` and \`match\` for a service on one address and port.`;
    yield draft.problem("LVS-CONFIG-046", [...path, key], { message, hint }, "key");
  }
}

/** Whether a marked service says of its protocol what holds without it. */
function isForTcp({ protocol, match = [] }: Service): boolean {
  return protocol === "tcp" && match.every((entry) => (entry.protocol ?? "tcp") === "tcp");
}
