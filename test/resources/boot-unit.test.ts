/**
 * What starts us at boot, as text: test/fixtures/boot has one file a manager, and UPDATE_GOLDEN=1 rewrites them. A changed
 * text shows as a change in the next plan of every host that has the old one.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openrcScript, rcLocalBlock, systemdUnit } from "../../src/resources/boot/boot-manager.ts";

const folder = new URL("../fixtures/boot/", import.meta.url);

test.each([
  ["systemd.service", systemdUnit("web-lab").text],
  ["openrc.sh", openrcScript("web-lab").text],
  ["rc.local", `${rcLocalBlock("web-lab").join("\n")}\n`],
])("%s", (name, text) => {
  const path = new URL(name, folder);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  else expect(text).toBe(readFileSync(path, "utf8"));
});
