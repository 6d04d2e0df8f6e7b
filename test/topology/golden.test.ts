import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { formatProblem } from "../../src/document/format-problem.ts";
import { configErrors } from "../../src/errors/catalogue/config.ts";
import type { LoadedTopology } from "../../src/topology/load-topology.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { topologyCase, topologyCases } from "../helpers/topology-cases.ts";

const fixtures = new URL("../fixtures/topology/", import.meta.url);
const examples = new URL("../../examples/", import.meta.url);
const FILES = ["topology.json", "errors.txt", "warnings.txt"] as const;

/** What loading gave, by the name of the file that holds it; files without content are left out. */
function written({ topology, problems, warnings }: LoadedTopology): Partial<Record<(typeof FILES)[number], string>> {
  const warned = warnings.length === 0 ? {} : { "warnings.txt": `${warnings.map(formatProblem).join("\n\n")}\n` };
  if (topology !== undefined) {
    const json = JSON.stringify(topology, null, 2).replaceAll(`${process.cwd()}/`, "./");
    return { "topology.json": `${json}\n`, ...warned };
  }
  return { "errors.txt": `${problems.map(formatProblem).join("\n\n")}\n`, ...warned };
}

/** UPDATE_GOLDEN=1 writes what was found, unless a case that was valid would become one of errors: a wrong rule would go unseen. */
function expectGolden(
  folder: URL,
  loaded: ReturnType<typeof written>,
  isUpdate = process.env["UPDATE_GOLDEN"] === "1",
): void {
  const valid = new URL("topology.json", folder);
  if (isUpdate && loaded["topology.json"] === undefined && existsSync(valid)) {
    throw new Error(
      `this was valid, and is no more; if that is meant, delete ${valid.pathname}:\n${loaded["errors.txt"]}`,
    );
  }
  if (isUpdate) mkdirSync(folder, { recursive: true });
  for (const name of FILES) {
    const golden = new URL(name, folder);
    const content = loaded[name];
    if (isUpdate && content === undefined) rmSync(golden, { force: true });
    if (isUpdate && content !== undefined) writeFileSync(golden, content);
    expect(existsSync(golden) ? readFileSync(golden, "utf8") : undefined, name).toBe(content);
  }
}

describe("cases", () => {
  it.each(topologyCases)("%s", (name) => {
    const { folder, loaded } = topologyCase(name);
    expectGolden(folder, written(loaded));
  });

  it("are not made cases of errors by an update", () => {
    const folder = mkdtempSync(join(tmpdir(), "lvsctl-golden-"));
    const url = pathToFileURL(`${folder}/`);
    try {
      expectGolden(url, { "topology.json": "{}\n" }, true);
      expect(() => expectGolden(url, { "errors.txt": "LVS-CONFIG-999\n" }, true)).toThrow(
        /delete .*topology\.json:\nLVS-CONFIG-999/,
      );
      expect(readdirSync(folder)).toEqual(["topology.json"]);
      rmSync(new URL("topology.json", url));
      expectGolden(url, { "errors.txt": "LVS-CONFIG-999\n" }, true);
      expect(readdirSync(folder)).toEqual(["errors.txt"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("see every error that a topology can have", () => {
    const seen = topologyCases
      .flatMap((name) => ["errors.txt", "warnings.txt"].map((file) => new URL(`${name}/${file}`, fixtures)))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    // 069: test/compile/users-file.test.ts.
    const elsewhere = ["LVS-CONFIG-069", "LVS-CONFIG-000", "LVS-CONFIG-001"];
    const unseen = Object.keys(configErrors).filter((code) => !elsewhere.includes(code) && !seen.includes(code));
    expect(unseen).toEqual([]);
  });
});

describe("examples", () => {
  it.each(readdirSync(examples).filter((name) => name.endsWith(".yaml")))("%s", (name) => {
    const loaded = written(loadTopology(readFileSync(new URL(name, examples), "utf8"), `examples/${name}`));
    expect(Object.keys(loaded)).toEqual(["topology.json"]);
    expectGolden(new URL(`example-${name.replace(".yaml", "")}/`, fixtures), loaded);
  });
});
