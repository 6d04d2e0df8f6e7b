import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatProblem } from "../../src/document/format-problem.ts";
import { configErrors } from "../../src/errors/catalogue/config.ts";
import type { Modes } from "../../src/topology/mode-traits.ts";
import { loadTopology, modesIn } from "../helpers/load-topology.ts";

const fixtures = new URL("../fixtures/topology/", import.meta.url);
const examples = new URL("../../examples/", import.meta.url);
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

/** What loading gave, under the name of the file that holds it: topology.json, or errors.txt. */
function load(text: string, file: string, modes?: Modes): { name: string; content: string } {
  const { topology, problems } = loadTopology(text, file, modes);
  if (topology !== undefined) {
    const json = JSON.stringify(topology, null, 2).replaceAll(`${process.cwd()}/`, "./");
    return { name: "topology.json", content: `${json}\n` };
  }
  return { name: "errors.txt", content: `${problems.map(formatProblem).join("\n\n")}\n` };
}

function expectGolden(folder: URL, { name, content }: { name: string; content: string }): void {
  if (isUpdate) {
    mkdirSync(folder, { recursive: true });
    for (const old of ["topology.json", "errors.txt"]) rmSync(new URL(old, folder), { force: true });
    writeFileSync(new URL(name, folder), content);
  }
  const golden = new URL(name, folder);
  expect(existsSync(golden) ? readFileSync(golden, "utf8") : "(there is no such golden file)").toBe(content);
}

describe("cases", () => {
  const cases = readdirSync(fixtures).filter((name) => existsSync(new URL(`${name}/input.yaml`, fixtures)));

  it.each(cases)("%s", (name) => {
    const folder = new URL(`${name}/`, fixtures);
    expectGolden(folder, load(readFileSync(new URL("input.yaml", folder), "utf8"), "input.yaml", modesIn(folder)));
  });

  it("see every error that a topology can have", () => {
    const seen = cases
      .map((name) => new URL(`${name}/errors.txt`, fixtures))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    const elsewhere = ["LVS-CONFIG-000", "LVS-CONFIG-001", "LVS-CONFIG-005", "LVS-CONFIG-008", "LVS-CONFIG-058"];
    const unseen = Object.keys(configErrors).filter((code) => !elsewhere.includes(code) && !seen.includes(code));
    expect(unseen).toEqual([]);
  });
});

describe("examples", () => {
  it.each(readdirSync(examples).filter((name) => name.endsWith(".yaml")))("%s", (name) => {
    const loaded = load(readFileSync(new URL(name, examples), "utf8"), `examples/${name}`);
    expect(loaded.name).toBe("topology.json");
    expectGolden(new URL(`example-${name.replace(".yaml", "")}/`, fixtures), loaded);
  });
});
