import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import playbookSchema from "../../schemas/playbook.schema.json" with { type: "json" };
import { formatProblem } from "../../src/document/format-problem.ts";
import { fileReason } from "../../src/errors/file-reason.ts";
import { stages } from "../../src/lvs/stage.ts";
import { Playbooks } from "../../src/playbook/playbooks.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { loadTopology } from "../../src/topology/load-topology.ts";
import type { Service, Topology } from "../../src/topology/topology.ts";
import { drTopology } from "../helpers/dr-topology.ts";

const own = `playbook: quiet
kind: mode
title: Quiet
summary: Only a setting.
steps:
  - { id: one, on: director, stage: director-network, resource: sysctl, with: { key: net.core.somaxconn, value: 1 }, why: So. }
`;

describe("the playbooks that come with lvsctl", () => {
  const { playbooks, problems } = new Playbooks(kinds).all();

  test("have no mistakes", () => {
    expect(problems.map(formatProblem).join("\n")).toBe("");
  });

  test("are named like their files", () => {
    expect(playbooks.map(({ name, file }) => [`playbooks/${name}.yaml`, file])).toEqual(
      playbooks.map(({ file }) => [file, file]),
    );
  });

  test.each(playbooks)("$name says everything in English and Chinese", ({ title, summary, steps, path }) => {
    for (const { en, zh } of [title, summary, ...[...steps, ...path].map(({ why }) => why)]) {
      expect(zh ?? "").not.toMatch(/\p{Script=Han}[,;:]/u); // Chinese has commas of its own.
      expect(en.trim()).not.toBe("");
      expect(zh ?? "").toMatch(/\p{Script=Han}/u);
    }
  });
});

test("the schema of playbooks has the stages of the program", () => {
  expect(playbookSchema.definitions.step.properties.stage.enum).toEqual([...stages]);
});

describe("the playbooks of a topology", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lvsctl-playbooks-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const messages = (mode: string): readonly string[] =>
    new Playbooks(kinds).usedBy(withMode(mode)).problems.map(({ code, message }) => `${code} ${message}`);

  test("are those for hosts, its modes, and all features", () => {
    const { playbooks, problems } = new Playbooks(kinds).usedBy(drTopology);
    expect(problems).toEqual([]);
    expect(playbooks.host.map(({ name }) => name)).toEqual(["host"]);
    expect([...playbooks.modes].map(([mode, { name }]) => [mode, name])).toEqual([["dr", "dr"]]);
    expect(playbooks.features.map(({ name }) => name)).toEqual(expect.arrayContaining(["publish", "test-page"]));
  });

  test("can be the user's own", () => {
    const mode = join(folder, "quiet.yaml");
    writeFileSync(mode, own);
    const { playbooks, problems } = new Playbooks(kinds).usedBy(withMode(mode));
    expect(problems).toEqual([]);
    expect(playbooks.modes.get(mode)).toMatchObject({ name: "quiet", file: mode });
  });

  test("a file that is not there names the service", () => {
    const mode = join(folder, "missing.yaml");
    expect(messages(mode)).toEqual([
      `LVS-PLAYBOOK-001 The playbook ${mode}, which service web names as its mode, cannot be read: there is no such file.`,
    ]);
  });

  test.each([
    ["an environment file", "PASSWORD=hunter2\n"],
    ["a key", "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2: [\n"],
    ["a shadow file", "root:$6$hunter2:19000::\nann:!:1\n"],
    ["a Kubernetes secret", "kind: Secret\ndata: { password: hunter2 }\n"],
  ])("%s is no playbook, and not a word of it is shown", (_what, text) => {
    const target = join(folder, "secret");
    const mode = join(folder, "harmless.yaml");
    writeFileSync(target, text);
    rmSync(mode, { force: true });
    symlinkSync(target, mode);
    const { problems } = new Playbooks(kinds).usedBy(withMode(mode));
    expect(problems.map(({ code }) => code)).toEqual(["LVS-PLAYBOOK-001"]);
    expect(problems.map(formatProblem).join("\n")).toContain("it is no playbook");
    expect(JSON.stringify(problems.map(({ message, details }) => [message, details]))).not.toContain("hunter2");
  });

  test("a file that cannot be read is reported where the topology names it, in plain words", () => {
    symlinkSync("round.yaml", join(folder, "round.yaml"));
    const long = "x".repeat(300);
    const modes = ["missing", "round", "round.yaml/one", long].map((name) => `./${name}.yaml`);
    const services = modes.map(
      (mode, index) => `  s${index}: { vip: 172.16.10.${index + 10}, port: 80, mode: ${mode} }`,
    );
    const playbooks = new Playbooks(kinds);
    loadTopology(
      `version: 1
name: lab
hosts:
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 } }
  rs: { role: real-server, interfaces: { eth0: 172.16.10.21/24 } }
services:
${services.join("\n")}
`,
      join(folder, "topology.yaml"),
      playbooks,
    );
    const found = playbooks.problems.map(({ message, details: { at } }) => [
      message.replace(/^.*cannot be read: /, ""),
      at,
    ]);
    const at = (line: number) =>
      expect.objectContaining({ file: join(folder, "topology.yaml"), line, column: 44, text: services[line - 7] });
    expect(found).toEqual([
      ["there is no such file.", at(7)],
      ["its symbolic links form a loop.", at(8)],
      ["its symbolic links form a loop.", at(9)],
      ["its path or a name in it is too long.", at(10)],
    ]);
  });

  test("a real server's own mode that cannot be read is reported at the real server, once for all ports", () => {
    const playbooks = new Playbooks(kinds);
    loadTopology(
      `version: 1
name: lab
hosts:
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 } }
  rs: { role: real-server, interfaces: { eth0: 172.16.10.21/24 } }
services:
  map: { mode: dr, vip: 172.16.10.10, ports: [80, 443], realServers: { rs: { mode: ./gone.yaml } } }
  list: { mode: dr, vip: 172.16.10.11, port: 80, realServers: [{ host: rs, mode: ./lost.yaml }] }
  both: { mode: ./away.yaml, vip: 172.16.10.12, port: 80, realServers: { rs: { mode: ./away.yaml } } }
`,
      join(folder, "topology.yaml"),
      playbooks,
    );
    const found = playbooks.problems.map(({ message, details: { at } }) => [
      /service \w+ names as [\w ]+/.exec(message)?.[0],
      at?.text?.slice((at.column ?? 0) - 1).split(/[ }]/)[0],
    ]);
    expect(found).toEqual([
      ["service map names as the mode of rs", "./gone.yaml"],
      ["service list names as the mode of rs", "./lost.yaml"],
      ["service both names as its mode", "./away.yaml,"],
    ]);
    expect(playbooks.problems[2]?.details.at?.column).toBe(17);
  });

  test("a file that several services name and that cannot be read is reported at each of them, once", () => {
    const playbooks = new Playbooks(kinds);
    loadTopology(
      `version: 1
name: lab
hosts:
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 } }
  rs: { role: real-server, interfaces: { eth0: 172.16.10.21/24 } }
services:
  one: { mode: ./gone.yaml, vip: 172.16.10.10, port: 80 }
  two: { mode: dr, vip: 172.16.10.11, port: 80 }
  three: { mode: ./gone.yaml, vip: 172.16.10.12, port: 80 }
`,
      join(folder, "topology.yaml"),
      playbooks,
    );
    expect(
      playbooks.problems.map(({ message, details: { at } }) => [/service (\w+)/.exec(message)?.[1], at?.line]),
    ).toEqual([
      ["one", 7],
      ["three", 9],
    ]);
  });

  test("an error of the system that we have no words for is not quoted", () => {
    expect(fileReason(Object.assign(new Error("EWEIRD: strange, open 'x'"), { code: "EWEIRD" }))).toBe(
      "this machine cannot open it",
    );
  });

  test("a folder or a device is no playbook", () => {
    expect(messages(folder)[0]).toContain("it is not a file");
    for (const path of ["/dev/zero", "/proc/self/pagemap", "/proc/self/environ", "/sys/kernel/uevent_seqnum"])
      expect(messages(path)[0]).toContain("it is not a file on a disk");
    const link = join(folder, "link.yaml");
    symlinkSync("/proc/self/pagemap", link);
    expect(messages(link)[0]).toContain("it is not a file on a disk");
  });

  test("a file of several megabytes is not read", () => {
    const mode = join(folder, "large.yaml");
    writeFileSync(mode, "#".repeat(2 * 1024 * 1024));
    expect(messages(mode)[0]).toContain("larger than 1 MiB");
  });

  test("a playbook of another kind is no mode", () => {
    const mode = join(folder, "host.yaml");
    writeFileSync(mode, own.replace("kind: mode", "kind: host").replace("on: director", "on: any"));
    const [problem] = new Playbooks(kinds).usedBy(withMode(mode)).problems;
    expect(problem).toMatchObject({ code: "LVS-PLAYBOOK-003", details: { at: { file: mode, line: 2, column: 7 } } });
  });

  test("mistakes in a file have their place in it", () => {
    const mode = join(folder, "wrong.yaml");
    writeFileSync(mode, own.replace("sysctl", "sysctrl"));
    expect(new Playbooks(kinds).usedBy(withMode(mode)).problems.map(({ details }) => details.at)).toEqual([
      expect.objectContaining({ file: mode, line: 6 }),
    ]);
  });
});

function withMode(mode: string): Topology {
  const [service] = drTopology.services as readonly [Service];
  return { ...drTopology, services: [{ ...service, mode }] };
}
