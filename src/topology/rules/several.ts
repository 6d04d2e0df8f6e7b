/** What services on several ports or addresses can say, and what they cannot. */
import { andList } from "../../errors/and-list.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { hasPort, possibleRange } from "../../lvs/port-range.ts";
import { canonicalAddress, parseCidr } from "../../net/address.ts";
import { whyEntryChosen } from "../chosen-mark.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { listOf } from "../hosts.ts";
import { repeated } from "../repeated.ts";
import { addressOf, realServersOf } from "../services.ts";

/** LVS-CONFIG-077. */
export function* several(draft: Draft): Iterable<LvsctlError> {
  for (const [name, entry] of draft.entries) {
    const path = ["services", name];
    for (const { at, what, message, hint } of mistakes(entry, whyEntryChosen(draft, name))) {
      yield draft.problem("LVS-CONFIG-077", [...path, ...at], { message, hint }, what);
    }
  }
}

interface Mistake {
  readonly at: readonly (string | number)[];
  readonly what?: "key";
  readonly message: string;
  readonly hint: string;
}

/** `marked`: why lvsctl gives the entry a firewall mark of its own, if it does. */
function* mistakes(entry: Service, marked: string | undefined): Iterable<Mistake> {
  const { ports, vips, fwmark } = entry;
  if (ports === undefined && vips === undefined) return;
  yield* doubled(entry);
  if (fwmark !== undefined) {
    const message = "A firewall-mark service has its addresses and ports under `match`.";
    for (const key of ["ports", "vips"] as const) {
      if (entry[key] === undefined) continue;
      const hint = `Move them to \`match\`, or delete \`fwmark\` and \`match\`: lvsctl chooses a mark where one is needed.`;
      yield { at: [key], what: "key", message, hint };
    }
  }
  if (fwmark === undefined && entry.match !== undefined) {
    const message = "`match` says which packets get a firewall mark of your own, and here `ports` and `vips` say it.";
    yield { at: ["match"], what: "key", message, hint: "Delete `match`, or `ports` and `vips`." };
  }
  for (const { index, ...words } of repeated((ports ?? []).map(possibleRange)))
    yield { at: ["ports", index], ...words };
  const addresses = (vips ?? []).map((vip) => canonicalAddress(addressOf(vip) ?? ""));
  for (const { index, ...words } of repeated(addresses)) yield { at: ["vips", index], ...words };
  const isSeveral = (ports?.length ?? 1) > 1 || (ports ?? []).some((port) => String(port).includes("-"));
  for (const { host, settings, path } of isSeveral || marked !== undefined ? realServersOf(entry, []) : []) {
    if (settings.port === undefined) continue;
    const [why, each] = isSeveral
      ? ["The service has several ports", "port"]
      : ["A client's real server is the same on several addresses", "address"];
    const message = `${why}, and "${host}" is asked on the port that the client has chosen.`;
    yield { at: [...path, "port"], message, hint: `Delete \`port\`, or make a service of its own for each ${each}.` };
  }
  yield* testedPort(entry);
  yield* publication(entry, isSeveral, marked);
  if (marked !== undefined && entry.synproxy !== undefined) {
    const message = `A SYN proxy answers for one address and port, and IPVS knows this service by a mark for all of its own, because of its ${marked}.`;
    const hint = "Delete `synproxy`, or make a service for each address and port.";
    yield { at: ["synproxy"], what: "key", message, hint };
  }
}

function* testedPort({ verify, ports = [] }: Service): Iterable<Mistake> {
  const port = typeof verify === "object" ? verify.port : undefined;
  const isOne = ports.some((text) => port !== undefined && hasPort(text, port));
  if (port === undefined || ports.length === 0 || isOne) return;
  const message = `Port ${port} is none of the service's: ${ports.join(", ")}.`;
  yield { at: ["verify", "port"], message, hint: "Name one of its ports, or delete `port`." };
}

function* publication({ publish, vips = [] }: Service, isSeveral: boolean, marked?: string): Iterable<Mistake> {
  if (publish === undefined) return;
  if (publish.port !== undefined && isSeveral) {
    const message = "The service has several ports, and the firewall passes each on as it is.";
    yield { at: ["publish", "port"], what: "key", message, hint: "Delete `port`, or make a service for each port." };
  }
  const addresses = listOf(publish.address).length;
  if (vips.length <= 1) return;
  const at = ["publish", "address"];
  const together = marked === undefined ? undefined : severalOfFamily(vips);
  if (together !== undefined) {
    const message = `${andList(together)} have one mark, because of the service's ${marked}, and the firewall would not know to which of them to translate.`;
    const hint = "Keep one virtual address of each family, or make a service for each.";
    yield { at, message, hint };
  } else if (addresses !== vips.length) {
    const message = `${vips.length} virtual addresses are published on ${addresses === 1 ? "one address" : `${addresses} addresses`}, so it is unclear which leads where.`;
    yield { at, message, hint: `Name ${vips.length} public addresses, in the same order.` };
  }
}

/** The virtual addresses of the first family that has several of them. */
function severalOfFamily(vips: NonNullable<Service["vips"]>): readonly string[] | undefined {
  const addresses = vips.map((vip) => canonicalAddress(addressOf(vip) ?? ""));
  return ([4, 6] as const)
    .map((family) => addresses.filter((address) => parseCidr(address)?.family === family))
    .find((own) => own.length > 1);
}

function* doubled(entry: Service): Iterable<Mistake> {
  for (const [one, many] of [
    ["port", "ports"],
    ["vip", "vips"],
  ] as const) {
    if (entry[one] === undefined || entry[many] === undefined) continue;
    const message = `\`${one}\` and \`${many}\` are both there, and only one of them can count.`;
    yield { at: [one], what: "key", message, hint: `Put all of them into \`${many}\`, and delete \`${one}\`.` };
  }
}
