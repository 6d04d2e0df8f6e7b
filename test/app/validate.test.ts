import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { validateFiles } from "../../src/app/validate.ts";

const folder = mkdtempSync(join(tmpdir(), "lvsctl-validate-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a wrong playbook hides none of the topology's other problems", async () => {
  writeFileSync(
    join(folder, "mode.yaml"),
    `playbook: mode
kind: mode
title: Mine
summary: It contradicts itself.
traits:
  answeredBy: real-server
  rewrites: { destination: always }
steps:
  - { id: one, on: director, stage: kernel-modules, resource: kernel-modul, with: { name: ip_vs }, why: So. }
`,
  );
  const file = join(folder, "topology.yaml");
  writeFileSync(
    file,
    `version: 1
name: lab
hosts:
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 }, gateway: 172.16.20.1 }
  rs: { role: real-server, interfaces: { eth0: 172.16.10.21/24 } }
services:
  web: { mode: ./mode.yaml, vip: 172.16.10.5, port: 80 }
  api: { mode: dr, vip: 172.16.10.11, port: 80, realServers: { rs: { port: 8080 } } }
`,
  );
  const [{ problems } = { problems: [] }] = await validateFiles([file]);
  expect(problems.map(({ code, details: { at } }) => [code, at?.file, at?.line, at?.column])).toEqual([
    ["LVS-CONFIG-028", file, 4, 72],
    ["LVS-CONFIG-027", file, 7, 34],
    ["LVS-CONFIG-034", file, 8, 76],
    ["LVS-PLAYBOOK-003", join(folder, "mode.yaml"), 7, 15],
    ["LVS-PLAYBOOK-002", join(folder, "mode.yaml"), 9, 63],
  ]);
});
