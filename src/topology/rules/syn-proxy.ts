/** Where a SYN proxy can run, and what it may promise to clients. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import { orUse } from "../other-modes.ts";

/** LVS-CONFIG-043. A SYN proxy on a director in mode dr was tried with Linux 6.12: the client connects, and no byte comes. */
export function* synProxy(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    const { synproxy, protocol = "tcp", publish } = file;
    if (synproxy === undefined) continue;
    const path = ["services", name, "synproxy"];
    if (protocol !== "tcp") {
      const message = `A SYN proxy answers TCP handshakes, and ${protocol.toUpperCase()} has none of that kind.`;
      yield draft.problem("LVS-CONFIG-043", path, { message, hint: "Delete `synproxy`." }, "key");
      continue;
    }
    if (file.port === 0) {
      const message =
        "A service on every port would have the SYN proxy answer for all of the host's own ports, SSH too.";
      yield draft.problem("LVS-CONFIG-043", path, { message, hint: "Delete `synproxy`, or name the port." }, "key");
    }
    if (file.mssClamp !== undefined && synproxy.mss !== undefined && synproxy.mss > file.mssClamp) {
      const message = `The SYN proxy speaks for the real servers and would allow segments of ${synproxy.mss} bytes, where they take ${file.mssClamp} (\`mssClamp\`), so that larger ones would be lost.`;
      const hint = `Delete \`mss\`, which is then ${file.mssClamp}.`;
      yield draft.problem("LVS-CONFIG-043", [...path, "mss"], { message, hint });
    }
    const roles = draft.hosts.get(synproxy.on)?.roles ?? [];
    const mode = draft.modesOf(name).find(({ traits }) => traits.answeredBy === "real-server");
    if (mode !== undefined && roles.includes("director")) {
      const message = `In mode ${mode.name} the director "${synproxy.on}" never sees what real servers answer, and a SYN proxy has to take part in both directions.`;
      const way = orUse(draft, ({ answeredBy }) => answeredBy === "director");
      const hint = `Put the SYN proxy on a firewall in front of the director${way}.`;
      yield draft.problem("LVS-CONFIG-043", [...path, "on"], { message, hint });
    } else if (publish !== undefined && publish.on !== synproxy.on && roles.includes("firewall")) {
      const message = `The service is published on "${publish.on}", and "${synproxy.on}" is not where its clients' handshakes arrive.`;
      const hint = `Put the SYN proxy on "${publish.on}".`;
      yield draft.problem("LVS-CONFIG-043", [...path, "on"], { message, hint });
    }
  }
}
