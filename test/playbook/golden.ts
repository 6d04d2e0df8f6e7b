import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

/** Compares a text with a file; UPDATE_GOLDEN=1 writes the file instead. */
export function expectGolden(actual: string, file: URL): void {
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, actual);
  expect(actual).toBe(existsSync(file) ? readFileSync(file, "utf8") : "");
}
