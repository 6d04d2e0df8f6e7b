/** A persistence engine reads the packets of one protocol, and drops all that it does not understand. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { settingsOf, testTypes } from "../../lvs/test-types.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { testFrom, testKeys } from "../service-test.ts";

/** LVS-CONFIG-075. Source: the kernel's ip_vs_pe_sip.c, tried on Linux 6.1: everything without a Call-ID is dropped. */
export function* persistenceEngine(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    if (file.persistence?.engine === undefined) continue;
    const path = ["services", name];
    const at = [...path, "persistence", "engine"];
    const protocols = file.match?.map((entry) => entry.protocol ?? "tcp") ?? [file.protocol ?? "tcp"];
    const other = protocols.find((protocol) => protocol !== "udp");
    if (other !== undefined) {
      const also = protocols.includes("udp") ? " as well" : "";
      const message = `The engine sip reads calls from UDP packets and drops all others, and the service is for ${other.toUpperCase()}${also}.`;
      const way = draft.entries.get(name)?.match === undefined ? "Set `protocol: udp`" : "Match UDP only";
      const isForTcp = file.synproxy !== undefined || file.helper !== undefined;
      const hint = isForTcp ? "Delete `engine`." : `${[way, ...asSip(file)].join(", ")}; or delete \`engine\`.`;
      yield draft.problem("LVS-CONFIG-075", at, { message, hint });
      continue;
    }
    const ports = file.match?.flatMap((entry) => entry.ports?.map(String) ?? ["1-65535"]) ?? [];
    if (ports.some((port) => port.includes("-")) || new Set(ports).size > 1) {
      const message =
        "The engine sip drops every packet without a Call-ID, such as the media (RTP) of a call, and the service is for several ports.";
      const hint = "Keep the port of SIP alone here, and make a service of its own, without `engine`, for the others.";
      yield draft.problem("LVS-CONFIG-075", at, { message, hint });
      continue;
    }
    const { type } = testFrom(file.verify);
    if (type === undefined || type === "sip" || !testTypes[type].protocols.includes("udp") || type === "none") continue;
    const message = `A test by ${type} sends packets without a Call-ID, which the engine sip drops.`;
    yield draft.problem("LVS-CONFIG-075", at, { message, hint: `${capital(asSip(file).join(", "))}.` });
  }
}

/** What has to become of `verify`, so that it asks a SIP server. */
function* adviseSip(file: Service): Iterable<string> {
  const test = testFrom(file.verify);
  if (typeof file.verify === "string") yield "set `verify: sip`";
  else if (test.type !== undefined) yield "set `type: sip` under `verify`";
  const idle = settingsOf(test).filter((setting) => !testTypes.sip.settings.includes(setting));
  if (idle.length > 0) yield `delete ${idle.map((setting) => `\`${testKeys[setting]}\``).join(" and ")} there`;
}

function asSip(file: Service): readonly string[] {
  const { type } = testFrom(file.verify);
  return file.verify === undefined || type === "sip" || type === "none" ? [] : [...adviseSip(file)];
}

function capital(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}
