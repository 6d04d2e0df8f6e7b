/** docs/modes.md says what the lab has shown, and nothing else. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readCoverage } from "../helpers/lab-coverage.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { modeNames } from "../helpers/mode-names.ts";
import { formatModesPage } from "../helpers/modes-page.ts";
import { serviceOptions } from "../helpers/service-options.ts";
import { expectGolden } from "../playbook/golden.ts";

test("docs/modes.md is generated from what lab tests have shown", () => {
  expectGolden(formatModesPage(readCoverage(), modeNames()), new URL("../../docs/modes.md", import.meta.url));
});

test("only test files that are there are counted", () => {
  const missing = Object.keys(readCoverage()).filter((file) => !existsSync(new URL(`../e2e/${file}`, import.meta.url)));
  expect(missing).toEqual([]);
});

test("an option is told from the topology", () => {
  const file = new URL("../../examples/everything.yaml", import.meta.url);
  const { topology } = loadTopology(readFileSync(file, "utf8"), "everything.yaml");
  const [shop, media] = topology?.services ?? [];
  expect(topology && shop && serviceOptions(shop, topology)).toEqual([
    "`protocol: tcp`",
    "`scheduler: sh`",
    "`schedulerFlags: [sh-fallback]`",
    "`schedulerFlags: [sh-port]`",
    "`persistence`",
    "`persistence.netmask`",
    "different `weight`s",
    "`upperThreshold`, `lowerThreshold`",
    "`verify` of a service",
    "`arp: arptables`",
    "`publish`",
    "`publish.hairpin`",
    "`synproxy` on the firewall that publishes",
  ]);
  expect(topology && media && serviceOptions(media, topology)).toContain("`tunnel.type: gue`");
});

test("the table says which engines have shown an option, and nothing where none has", () => {
  const shown = { engine: "uml", mode: "dr", options: ["`publish`"] };
  const page = formatModesPage({ "a.test.ts": [shown, { ...shown, engine: "qemu" }] }, ["dr", "nat"]);
  expect(page).toContain("\n| `publish` | qemu, uml |  |  |\n");
  expect(page).toContain("\n| `persistence` |  |  |  |\n");
  expect(page).toContain("| [`a.test.ts`](../test/e2e/a.test.ts) | dr (qemu), dr (uml) |");
});
