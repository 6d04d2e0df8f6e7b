/** The order of a file decides about nothing: the same mistakes are found whatever comes first. */
import { describe, expect, it } from "vitest";
import { isMap, isSeq, parseDocument } from "yaml";
import type { LoadedTopology } from "../../src/topology/load-topology.ts";
import { loadTopology, modesIn } from "../helpers/load-topology.ts";
import { shareOf, WAYS_TO_JUDGE } from "../helpers/long-run.ts";
import { textOfCase, topologyCase, topologyCases } from "../helpers/topology-cases.ts";

/** Of two that disagree, the later one in the file is told: what is one there is another here. */
const BETWEEN_TWO = [
  "024",
  "025",
  "027",
  "029",
  "033",
  "034",
  "040",
  "055",
  "061",
  "063",
  "068",
  "070",
  "077",
  "090",
  "091",
];
/** Names the first of several hosts, as an example. */
const BY_EXAMPLE = ["072"];

/** The same file from the last to the first; undefined if it is no topology, or if its aliases would come first. */
function reversed(text: string): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents) || /[:[,] *[&*]\w|: 0\d/.test(text)) return undefined;
  const turn = (path: readonly string[]) => {
    const node = document.getIn(path);
    if (isMap(node) || isSeq(node)) node.items.reverse();
    return node;
  };
  const services = turn(["services"]);
  turn(["hosts"]);
  for (const { key } of isMap(services) ? services.items : []) turn(["services", String(key), "realServers"]);
  return document.toString({ lineWidth: 0 });
}

/** What is found: the words of each message in any order, without names and addresses. */
function findings({ problems, warnings }: LoadedTopology): readonly string[] {
  const found = [...problems, ...warnings].map(({ code, message }) => {
    if ([...BETWEEN_TWO, ...BY_EXAMPLE].some((one) => code.endsWith(one))) return code;
    const words = message.replaceAll(/"[^"]*"|\d+\.\d[\d./]*|[\da-f]*:[\da-f:/]+/g, "…").match(/[\w`=-]+/g) ?? [];
    return [code, ...words.toSorted()].join(" ");
  });
  return [...new Set(found)].toSorted();
}

describe("a file from the last to the first", () => {
  it.each(shareOf(topologyCases, "the order", WAYS_TO_JUDGE))("has the same mistakes: %s", (name) => {
    const { folder, text, loaded } = topologyCase(name);
    const other = reversed(text);
    if (other === undefined) return;
    expect(findings(loadTopology(other, "input.yaml", modesIn(folder)))).toEqual(findings(loaded));
  });

  it("is another file in nearly all cases", () => {
    const texts = topologyCases.map(textOfCase);
    expect(texts.filter((text) => reversed(text) !== undefined).length).toBeGreaterThan(texts.length * 0.9);
  });
});
