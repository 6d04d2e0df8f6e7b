import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { validateFiles } from "../../src/app/validate.ts";
import { formatAnnotations, formatValidation, validationToJson } from "../../src/report/validation.ts";
import { plainOutput } from "../helpers/plain-output.ts";

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
  web: { mode: ./mode.yaml, vip: 172.16.10.21, port: 80 }
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

test("mistakes of a mode's path are found, once each, and with those of its checks", async () => {
  writeFileSync(
    join(folder, "path.yaml"),
    `playbook: path
kind: mode
title: Mine
summary: Its path does not fit every topology.
path:
  - { on: director, direction: request, packet: { next: "\${{ rs.address }}" }, why: So. }
  - { on: real-server, direction: request, when: "service.match[0].protocol == 'tcp'", why: So. }
steps:
  - { id: one, on: director, stage: kernel-modules, resource: kernel-module, with: { name: ip_vs }, why: So. }
checks:
  - { id: one, on: "\${{ topology.hosts[7].name }}", counter: { file: /proc/net/stat/synproxy, column: syn_received }, holds: grown > 0, why: So. }
`,
  );
  const file = join(folder, "fits.yaml");
  writeFileSync(
    file,
    `version: 1
name: lab
hosts:
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 } }
  rs: { role: real-server, interfaces: { eth0: 172.16.10.21/24 } }
services:
  web: { mode: ./path.yaml, vip: 172.16.10.10, port: 80 }
  api: { mode: ./path.yaml, vip: 172.16.10.11, port: 80 }
`,
  );
  const [{ problems } = { problems: [] }] = await validateFiles([file]);
  expect(problems.map(({ code, details: { at } }) => [code, at?.file, at?.line])).toEqual([
    ["LVS-PLAYBOOK-005", join(folder, "path.yaml"), 11],
    ["LVS-PLAYBOOK-005", join(folder, "path.yaml"), 7],
  ]);
  await expect(explain(file, "en")).rejects.toMatchObject({ code: "LVS-PLAYBOOK-005" });
});

test("--strict makes warnings mistakes, in every format", async () => {
  const file = join(folder, "one.yaml");
  writeFileSync(
    file,
    `version: 1
name: lab
hosts:
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 } }
  rs: { role: real-server, interfaces: { eth0: 172.16.10.21/24 }, gateway: 172.16.10.1 }
services:
  web: { mode: dr, vip: 172.16.10.10, port: 80 }
`,
  );
  const shown = async (isStrict: boolean) => {
    const files = await validateFiles([file], isStrict);
    const painted = { ...plainOutput(100), paint: (style: string, text: string) => `<${style}>${text}` };
    const { ok, problems, warnings } = validationToJson(files);
    return {
      text: formatValidation(files, painted),
      json: { ok, problems: problems.map(({ code }) => code), warnings: warnings.map(({ code }) => code) },
      github: formatAnnotations(files).replace(/ .*\n/, ""),
    };
  };
  const meek = await shown(false);
  expect(meek.text).toContain(`<yellow>! ${file} is valid, with 1 warning\n`);
  expect(meek.text).toContain("<yellow>LVS-CONFIG-112");
  expect(meek.json).toEqual({ ok: true, problems: [], warnings: ["LVS-CONFIG-112"] });
  expect(meek.github).toBe("::warning");
  const strict = await shown(true);
  expect(strict.text).toContain(`<red>✗ ${file}: 1 problem\n`);
  expect(strict.text).toContain("<red>LVS-CONFIG-112");
  expect(strict.json).toEqual({ ok: false, problems: ["LVS-CONFIG-112"], warnings: [] });
  expect(strict.github).toBe("::error");
});
