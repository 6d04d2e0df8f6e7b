/** The measured tables in docs/hosts.md; UPDATE_GOLDEN=1 rewrites them. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { besideTables } from "../helpers/beside.ts";

const path = new URL("../../docs/hosts.md", import.meta.url);
const TABLE = /^\| service \| event \|.*\n(?:\|.*\n)*/gm;

test("docs/hosts.md says of other services what the lab has shown", () => {
  const page = readFileSync(path, "utf8");
  const tables = besideTables();
  let next = 0;
  if (process.env["UPDATE_GOLDEN"] === "1")
    writeFileSync(
      path,
      page.replace(TABLE, () => tables[next++] ?? ""),
    );
  else expect(page.match(TABLE)).toEqual(tables);
});
