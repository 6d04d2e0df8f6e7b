/** `lvsctl schema`: the published schema. */
import { readFile } from "node:fs/promises";

/** The text of the JSON Schema of topology files. */
export function topologySchema(): Promise<string> {
  return readFile(new URL("../../schemas/topology.schema.json", import.meta.url), "utf8");
}
