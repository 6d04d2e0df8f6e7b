/** What a change of topology files means: the plan from one to the other, and what it does to connections. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { diffTopologies, isDifferent } from "../../src/app/diff.ts";
import { diffToMarkdown } from "../../src/report/changes-markdown.ts";
import { type FileDiff, formatDiff } from "../../src/report/diff.ts";
import { plainOutput } from "../helpers/plain-output.ts";

const DR = readFileSync("examples/dr.yaml", "utf8");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The text, with what has to stand in it replaced. */
function edited(text: string, ...edits: readonly (readonly [string | RegExp, string])[]): string {
  return edits.reduce((now, [from, to]) => {
    const result = now.replaceAll(new RegExp(from, "gm"), to);
    expect(result).not.toBe(now);
    return result;
  }, text);
}

async function diffOf(old: string, now: string): Promise<FileDiff> {
  const [diff] = await diffTopologies(write("old.yaml", old), write("new.yaml", now));
  if (diff === undefined) throw new Error("no diff");
  return diff;
}

const effects = ({ traffic }: FileDiff) => traffic.map(({ service, effect, what }) => `${effect} ${service}: ${what}`);

const changed = ({ plan }: FileDiff) =>
  [...plan.hosts.values()]
    .flat()
    .filter(({ action }) => action !== "none")
    .map(({ host, action, description }) => `${host} ${action} ${description}`);

const EXAMPLES = ["dr", "nat", "tun", "fullnat", "everything", "unmanaged"];

test.each(EXAMPLES)("examples/%s.yaml differs in nothing from itself, and in everything from no file", async (name) => {
  const file = `examples/${name}.yaml`;
  const [same] = await diffTopologies(file, file);
  expect(same && [changed(same), effects(same), isDifferent([same])]).toEqual([[], [], false]);
  const [added] = await diffTopologies("/dev/null", file);
  const [gone] = await diffTopologies(file, "/dev/null");
  expect([added?.state, gone?.state]).toEqual(["new", "gone"]);
  const { create = 0, update = 0 } = added?.plan.summary ?? {};
  expect(create).toBeGreaterThan(5);
  expect(gone?.plan.summary).toMatchObject({ create: 0, update: 0, delete: create + update });
  expect(new Set(added?.traffic.map(({ effect }) => effect))).toEqual(new Set(["begins"]));
  expect(new Set(gone?.traffic.map(({ effect }) => effect))).toEqual(new Set(["ends"]));
});

const SERVICES = edited(DR, [
  /testPage: true.*/,
  "testPage: true\n    realServers: { rs1: { weight: 1 }, rs2: { weight: 2 } }",
]);

const TWO = edited(DR, [/eth0: 10\.0\.2\.1\/24/, "eth0: [10.0.2.1/24, 10.0.2.9/24]"]);
const PERSISTENT = edited(SERVICES, [/scheduler: rr/, "scheduler: sh\n    persistence: { timeout: 300 }"]);

test.each<[string, string, string, readonly string[]]>([
  [
    "a weight",
    SERVICES,
    edited(SERVICES, ["weight: 2", "weight: 5"]),
    ["weight web: the weight of rs2 (172.16.20.30:80) changes from 2 to 5"],
  ],
  [
    "a weight of 0",
    SERVICES,
    edited(SERVICES, ["weight: 2", "weight: 0"]),
    ["quiet web: the weight of rs2 (172.16.20.30:80) changes from 2 to 0"],
  ],
  [
    "a real server that goes",
    SERVICES,
    edited(SERVICES, [", rs2: { weight: 2 }", ""]),
    ["drained web: rs2 (172.16.20.30:80) is removed"],
  ],
  [
    "a real server that comes",
    edited(SERVICES, [", rs2: { weight: 2 }", ""]),
    SERVICES,
    ["gained web: rs2 (172.16.20.30:80) is added with weight 2"],
  ],
  [
    "a VIP",
    DR,
    edited(DR, ["172.16.10.10", "172.16.10.11"]),
    ["lost web: it moves from 172.16.10.10:80/tcp to 172.16.10.11:80/tcp"],
  ],
  [
    "a scheduler",
    DR,
    edited(DR, [/scheduler: rr/, "scheduler: wlc"]),
    ["kept web: its scheduler changes from rr to wlc"],
  ],
  [
    "a public address",
    DR,
    edited(DR, [/publish: \{ on: fw, address: 10\.0\.2\.1 \}/, "publish: { on: fw, address: 10.0.2.1, port: 8080 }"]),
    [
      "lost web: it is no longer published as 10.0.2.1 port 80 on fw",
      "kept web: it is published as 10.0.2.1 port 8080 on fw",
    ],
  ],
  [
    "one public address more",
    TWO,
    edited(TWO, [/address: 10\.0\.2\.1 \}/, "address: [10.0.2.1, 10.0.2.9] }"]),
    ["kept web: it is published as 10.0.2.9 port 80 on fw"],
  ],
  [
    "another host with a real server's address",
    DR,
    edited(DR, [/^ {2}rs2:/, "  rs9:"]),
    ["lost web: rs9 (172.16.20.30:80) takes the place of rs2"],
  ],
  [
    "a weight of 0 under sh, with persistence",
    PERSISTENT,
    edited(PERSISTENT, ["weight: 2", "weight: 0"]),
    [
      "quiet web: the weight of rs2 (172.16.20.30:80) changes from 2 to 0, and persistence still sends recent clients there, and new connections that sh would send there are refused",
    ],
  ],
  ["a service's name alone", DR, edited(DR, [/^ {2}web:/, "  shop:"]), []],
])("what %s means for connections", async (_name, old, now, expected) => {
  expect(effects(await diffOf(old, now))).toEqual(expected);
});

test("one weight touches one destination", async () => {
  const diff = await diffOf(SERVICES, edited(SERVICES, ["weight: 2", "weight: 5"]));
  expect(changed(diff)).toEqual(["dr update real server tcp 172.16.10.10:80 -> 172.16.20.30:80 (dr, weight 5)"]);
});

test("another mode loses the connections, and what the hosts have of the old one goes", async () => {
  const now = edited(DR, [/mode: dr/, "mode: tun"]);
  const diff = await diffOf(DR, now);
  expect(effects(diff)).toEqual(["lost web: its mode changes from dr to tun"]);
  expect(changed(diff)).toContain("dr update real server tcp 172.16.10.10:80 -> 172.16.20.20:80 (tun, weight 1)");
  const back = await diffOf(now, DR);
  const setting = back.plan.hosts.get("rs1")?.find(({ key, action }) => key.includes("tunl0") && action === "delete");
  expect(setting?.reason).toMatch(/^(no longer asked for|back to what it was before lvsctl)$/);
});

test("hosts that join and leave are named", async () => {
  const diff = await diffOf(DR, edited(DR, [/^ {2}client:/, "  visitor:"]));
  expect(diff).toMatchObject({ joining: ["visitor"], leaving: ["client"] });
});

test("of a topology with another name, nothing that the old one has made goes", async () => {
  const diff = await diffOf(DR, edited(DR, ["name: dr-lab", "name: web-lab"]));
  expect(diff).toMatchObject({ renamedFrom: "dr-lab", traffic: [], plan: { summary: { delete: 0 } } });
  expect([isDifferent([diff]), diff.plan.summary.none > 0]).toEqual([true, true]);
  const text = formatDiff([diff], plainOutput(80), 0);
  expect(text).toContain("Note: The topology is called web-lab now, and was called dr-lab.");
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

describe("folders", () => {
  test("a file that has been renamed is the same topology, and one with mistakes is not gone", async () => {
    const [before, after] = [join(folder, "before"), join(folder, "after")];
    for (const one of [before, after]) mkdirSync(one);
    writeFileSync(join(before, "one.yaml"), DR);
    writeFileSync(join(after, "two.yaml"), DR);
    const [diff, ...others] = await diffTopologies(before, after);
    expect([diff?.from, diff?.to, others]).toEqual([join(before, "one.yaml"), join(after, "two.yaml"), []]);
    expect(diff && isDifferent([diff])).toBe(false);
    writeFileSync(join(after, "one.yaml"), edited(DR, ["hosts:", "host:"]));
    await expect(diffTopologies(before, after)).rejects.toMatchObject({ code: "LVS-CONFIG-000" });
    await expect(diffTopologies(after, before)).rejects.toMatchObject({ code: "LVS-CONFIG-000" });
  });

  test("are compared file by file; what is no topology is left out", async () => {
    const [before, after] = [join(folder, "before"), join(folder, "after")];
    for (const one of [before, after]) mkdirSync(one);
    writeFileSync(join(before, "one.yaml"), DR);
    writeFileSync(join(before, "gone.yml"), edited(DR, ["name: dr-lab", "name: gone"]));
    writeFileSync(join(after, "one.yaml"), edited(DR, [/scheduler: rr/, "scheduler: wlc"]));
    writeFileSync(join(after, "added.yaml"), DR);
    writeFileSync(join(after, "compose.yaml"), "version: 3\nservices: {}\n");
    const diffs = await diffTopologies(before, `${after}/`);
    expect(diffs.map(({ from, to, state }) => [from, to, state])).toEqual([
      [join(before, "added.yaml"), join(after, "added.yaml"), "new"],
      [join(before, "gone.yml"), join(after, "gone.yml"), "gone"],
      [join(before, "one.yaml"), join(after, "one.yaml"), "both"],
    ]);
    expect(diffToMarkdown(diffs).match(/^### /gm)).toHaveLength(3);
    await expect(diffTopologies(before, join(before, "one.yaml"))).rejects.toMatchObject({ code: "LVS-USAGE-001" });
  });
});

test("a file that is not there, and one with mistakes, are errors with their places", async () => {
  const good = write("good.yaml", DR);
  await expect(diffTopologies(join(folder, "none.yaml"), good)).rejects.toMatchObject({ code: "LVS-USAGE-003" });
  await expect(diffTopologies("/dev/null", "/dev/null")).rejects.toMatchObject({ code: "LVS-USAGE-003" });
  const bad = write("bad.yaml", edited(DR, [/mode: dr/, "mode: dd"]));
  await expect(diffTopologies(bad, good)).rejects.toMatchObject({
    code: "LVS-CONFIG-000",
    details: { problems: [{ details: { at: { file: bad } } }] },
  });
});
