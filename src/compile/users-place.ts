/** The part of the user's file because of which a step of a built-in playbook asks for something. Pure. */
import type { Path } from "../document/parse-document.ts";
import type { Position } from "../errors/lvsctl-error.ts";
import { entryOf } from "../lvs/service-name.ts";
import type { Asked } from "../playbook/playbook.ts";
import type { Evaluated, Telling } from "./asking.ts";

/** What the file calls a field of a host, where that is not its name. */
const KEYS: Readonly<Record<string, string>> = { gateways: "gateway" };

/** Which part of the file a step works on. */
export interface UsersPlace {
  readonly path: Path;
  /** Undefined if the topology comes from no file. */
  readonly at: Position | undefined;
}

/**
 * The setting that the step reads, as far as the file has it; else the service or the host. `more` leads from there to a
 * part of the setting.
 */
export function usersPlace({ playbook, step, scope }: Evaluated, { written }: Telling, more: Path = []): UsersPlace {
  const asked = [...playbook.asks, ...(step?.asks ?? [])].flatMap((one) => pathsTo(one, scope));
  const paths = [...asked.map((path) => [...path, ...more]), ...asked, ...ownersOf(scope)];
  const path = paths.find((one) => written !== undefined && has(written.value, one)) ?? paths.at(-1) ?? [];
  return { path, at: written?.locate(path, "key") };
}

function pathsTo({ variable, field }: Asked, { service, host, rs }: Evaluated["scope"]): readonly Path[] {
  if (variable === "service" && service !== undefined) return [["services", entryOf(service.name), field]];
  if (variable === "rs" && service !== undefined && rs !== undefined) {
    return [["services", entryOf(service.name), "realServers", rs.host, field]];
  }
  if (variable === "host" && service === undefined && host !== undefined) {
    return [["hosts", host.name, KEYS[field] ?? field]];
  }
  return [];
}

function ownersOf({ service, host }: Evaluated["scope"]): readonly Path[] {
  return [
    ...(service === undefined ? [] : [["services", entryOf(service.name)]]),
    ...(host === undefined ? [] : [["hosts", host.name]]),
  ];
}

function has(value: unknown, path: Path): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  return (
    typeof value === "object" && value !== null && Object.hasOwn(value, first) && has(Reflect.get(value, first), rest)
  );
}
