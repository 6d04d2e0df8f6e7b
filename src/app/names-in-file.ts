/** The names in a topology file, for completion: as quick as it can be, and whatever mistakes the file has. */
import { parseDocument } from "../document/parse-document.ts";
import { readRegularFile } from "./text-of-file.ts";

/** What the names are of. */
export type NamedKind = "services" | "hosts" | "managed-hosts" | "real-servers";

/** Names that every shell takes as they are: a file can say anything, and what is not a name is not offered. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;

/** The names of this kind in a file, in its order; none if it cannot be read. */
export async function namesInFile(file: string, kind: NamedKind): Promise<readonly string[]> {
  const text = await readRegularFile(file);
  if (text === undefined) return [];
  const { value } = parseDocument(text, file);
  const part = entriesOf(field(value, kind === "services" ? kind : "hosts"));
  const wanted = part.filter(([, one]) => isWanted(kind, one));
  return wanted.map(([name]) => name).filter((name) => NAME.test(name));
}

function isWanted(kind: NamedKind, one: unknown): boolean {
  if (kind === "managed-hosts") return field(one, "managed") !== false;
  return kind !== "real-servers" || isRealServer(one);
}

function isRealServer(host: unknown): boolean {
  return [field(host, "role"), field(host, "roles")].flat().includes("real-server");
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function field(value: unknown, name: string): unknown {
  return entriesOf(value).find(([key]) => key === name)?.[1];
}
