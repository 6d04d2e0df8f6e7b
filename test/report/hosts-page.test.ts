/** The measured table in docs/hosts.md; UPDATE_GOLDEN=1 rewrites it. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { besideTable } from "../helpers/beside.ts";

const path = new URL("../../docs/hosts.md", import.meta.url);
const TABLE = /^\| service \| event \|.*\n(?:\|.*\n)*|^BESIDE\n/m;

test("docs/hosts.md says of other services what the lab has shown", () => {
  const page = readFileSync(path, "utf8");
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, page.replace(TABLE, besideTable()));
  else expect(TABLE.exec(page)?.[0]).toBe(besideTable());
});
