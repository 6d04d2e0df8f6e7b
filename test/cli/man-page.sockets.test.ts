/** The manual page, read by a real groff. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const page = readFileSync(new URL("../../man/lvsctl.1", import.meta.url), "utf8");

function groff(text: string, ...options: readonly string[]) {
  return spawnSync("groff", ["-man", "-ww", ...options], { input: text, encoding: "utf8" });
}

it("has nothing that groff warns of", () => {
  expect(groff(page, "-z")).toMatchObject({ status: 0, stdout: "", stderr: "" });
});

it("says what is wrong with a page that has a mistake", () => {
  expect(groff(page.replace("\n.PP\n", "\n.NO_SUCH_MACRO\n"), "-z").stderr).toMatch(/NO_SUCH_MACRO/);
});

it("shows commands, flags and exit codes", () => {
  const text = groff(page, "-Tutf8", "-P-cbou").stdout.replaceAll(/\s+/g, " ");
  expect(text).toContain("lvsctl plan [options] <file>");
  expect(text).toContain("--detailed-exitcode");
  expect(text).toMatch(/EXIT STATUS 0 done 1 error/);
});
