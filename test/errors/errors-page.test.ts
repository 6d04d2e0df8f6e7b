import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { catalogue } from "../../src/errors/catalogue.ts";

const PAGE = new URL("../../docs/errors.md", import.meta.url);

const FAMILIES: Readonly<Record<string, string>> = {
  USAGE: "The command line",
  CONFIG: "Topology files",
  PLAYBOOK: "Playbooks",
  CONNECT: "Reaching hosts",
  FACT: "What was read from a host",
  LEDGER: "Ledgers",
  LOCK: "Runs in each other's way",
  STEP: "Changes on hosts",
  DRAIN: "Draining",
  VERIFY: "Verification",
  LAB: "The lab",
  INTERNAL: "lvsctl itself",
};

function page(): string {
  const codes = Object.entries(catalogue);
  const sections = Object.entries(FAMILIES).map(([family, title]) => {
    const rows = codes
      .filter(([code]) => code.startsWith(`LVS-${family}-`))
      .map(([code, { title, exit }]) => `| <a id="${code.toLowerCase()}"></a>${code} | ${title} | ${exit} |`);
    return [`## ${title}`, "", "| code | what | exit code |", "|---|---|---|", ...rows, ""].join("\n");
  });
  const intro =
    "Every error has a code that never changes its meaning. `-000` collects several errors of its family. The message says what is wrong\nand why, `Fix` what to do. This page is made from the catalogue in `src/errors`.";
  return ["# Errors", "", intro, "", ...sections].join("\n");
}

it("docs/errors.md lists every error of the catalogue (UPDATE_GOLDEN=1 rewrites it)", () => {
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(PAGE, page());
  expect(readFileSync(PAGE, "utf8")).toBe(page());
});

it("every code belongs to a family that the page knows", () => {
  for (const code of Object.keys(catalogue)) expect(Object.keys(FAMILIES)).toContain(code.split("-")[1]);
});
