/** Each host is a machine of its own, to which lvsctl logs in. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import type { Draft } from "../draft.ts";
import type { Host } from "../topology.ts";

/** ssh's own default. */
const SSH_PORT = 22;

/** LVS-CONFIG-091 for two hosts that are logged in to at one place: what one of them gets the other would take away. */
export function* hostLogins(draft: Draft): Iterable<LvsctlError> {
  const seen = new Map<string, string>();
  for (const host of draft.hosts.values()) {
    if (!host.managed) continue;
    const key = placeOf(host);
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, host.name);
      continue;
    }
    const { destination, port = SSH_PORT } = host.ssh;
    const message = `lvsctl logs in to "${other}" and to "${host.name}" at the same place, ${destination} port ${port}: they are one machine, and would each undo what the other has set.`;
    const hint = `Write where "${host.name}" is under its \`ssh\`; or, if it is that machine, make one host of the two, with \`roles\` and \`interfaces\` for both.`;
    yield draft.problem("LVS-CONFIG-091", ["hosts", host.name, "ssh"], { message, hint }, "key");
  }
}

/** Behind other jump hosts the same address can be another machine. Names of machines are the same in capitals (RFC 4343). */
function placeOf({ ssh: { destination, port = SSH_PORT, jump } }: Host): string {
  return JSON.stringify([destination.toLowerCase(), port, jump]);
}
