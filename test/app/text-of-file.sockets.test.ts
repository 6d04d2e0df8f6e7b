/** Files as users name them, pipes among them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namesInFile } from "../../src/app/names-in-file.ts";
import { readText } from "../../src/app/text-of-file.ts";
import { shareOf } from "../helpers/long-run.ts";
import { watched } from "../helpers/watched-process.ts";

const example = "examples/dr.yaml";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-text-"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
});
afterAll(() => rmSync(folder, { recursive: true }));

// The pause only makes it likely that the pieces come one by one; the result must be the same if they do not.
const SLOWLY = `{ head -c 100 ${example}; sleep 0.2; tail -c +101 ${example}; }`;
const COMMANDS = [
  ["validate", "is valid"],
  ["explain", "Request"],
] as const;
const PIPES = {
  "a pipe": (own: string) => `${SLOWLY} | ${own} /dev/stdin`,
  "a substitution": (own: string) => `${own} <(${SLOWLY})`,
};

describe.each(Object.entries(PIPES))("from %s", (pipe, line) => {
  it.each(shareOf(COMMANDS, pipe, Object.keys(PIPES)))(
    "%s takes a topology, whole, though it comes in pieces",
    async (command, said) => {
      const own = `${process.execPath} bin/lvsctl.js ${command}`;
      const [piped, named] = await Promise.all(
        [line(own), `${own} ${example}`].map((words) => watched(["bash", "-c", words]).ended),
      );
      expect(named).toMatchObject({ status: 0, stdout: expect.stringContaining(said) });
      const withoutName = (text = "") => text.replaceAll(/\/dev\/stdin|\/dev\/fd\/\d+|examples\/dr\.yaml/g, "FILE");
      expect(withoutName(piped?.stdout)).toBe(withoutName(named?.stdout));
    },
  );
});

it("a pipe is read to its end, and a file no further than any topology goes", async () => {
  const file = join(folder, "large.yaml");
  writeFileSync(file, "a".repeat(5_000_000));
  expect((await readText(file)).length).toBe(2 * 1024 * 1024);
  const [text] = await Promise.all([
    readText(join(folder, "pipe")),
    watched(["sh", "-c", `cat ${example} >${folder}/pipe`]).ended,
  ]);
  expect(text).toBe(readFileSync(example, "utf8"));
});

it("a folder and a file that is not there are named with the reason", async () => {
  await expect(readText(folder)).rejects.toMatchObject({ code: "LVS-USAGE-003" });
  await expect(readText(join(folder, "none"))).rejects.toThrow("there is no such file");
});

it("completion takes names from a regular file, and waits for no pipe into which nobody writes", async () => {
  expect(await namesInFile(example, "services")).toEqual(["web"]);
  expect(await namesInFile(join(folder, "pipe"), "services")).toEqual([]);
  expect(await namesInFile(folder, "services")).toEqual([]);
});
