/** Topologies as they are in commits: `GITREF:path`, by a real git. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProcess } from "../../src/transport/process.ts";
import { blocksOf, missingLine, stepsOf } from "../helpers/transcript.ts";

const BIN = join(import.meta.dirname, "../../bin/lvsctl.js");
const DR = readFileSync("examples/dr.yaml", "utf8");
/** Nobody's settings, and nobody else's repository. */
const ENV = {
  PATH: process.env["PATH"],
  ...{ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", HOME: "/nonexistent" },
  ...{ GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@x", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@x" },
};

let folder: string;
let repository: string;

async function git(...args: readonly string[]): Promise<void> {
  const { status, stderr } = await runProcess(["git", ...args], { cwd: repository, env: ENV });
  expect(stderr === "" || status === 0 ? 0 : stderr).toBe(0);
}

async function diff(args: readonly string[], cwd = repository) {
  const { stderr, ...ended } = await runProcess([process.execPath, BIN, "diff", "--no-color", ...args], {
    cwd,
    env: ENV,
  });
  return { ...ended, stderr: stderr.replace(/Took .* s\.\n$/, "").replaceAll(/\s+/g, " ") };
}

const own = readFileSync("playbooks/dr.yaml", "utf8").replace("playbook: dr", "playbook: own");
const OWN = DR.replace("mode: dr", "mode: ../modes/own.yaml");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
  repository = join(folder, "repository");
  for (const name of ["", "conf", "modes"]) mkdirSync(join(repository, name));
  writeFileSync(join(repository, "lb.yaml"), DR);
  writeFileSync(join(repository, "conf/own.yaml"), OWN);
  writeFileSync(join(repository, "modes/own.yaml"), own);
  symlinkSync("lb.yaml", join(repository, "link.yaml"));
  for (const [target, name] of [
    ...[
      ["/etc/hostname", "out.yaml"],
      ["nothing", "none.lnk"],
      ["loop.yaml", "loop.yaml"],
      ["conf", "folder"],
    ],
  ] as const) {
    symlinkSync(target, join(repository, name));
  }
  writeFileSync(join(repository, "bad.yaml"), DR.replace("mode: dr", "mode: dd"));
  await git("init", "-q", "-b", "main");
  await git("add", ".");
  await git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},sub`);
  await git("commit", "-q", "-m", "first");
  await git("tag", "v1");
  writeFileSync(join(repository, "lb.yaml"), DR.replaceAll("172.16.10.10", "172.16.10.11"));
  writeFileSync(join(repository, "new.yaml"), DR);
  await git("add", ".");
  await git("commit", "-q", "-m", "second");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a side in a commit", () => {
  test("is compared with the file, or with another commit", async () => {
    for (const now of ["lb.yaml", "main:lb.yaml", "HEAD:lb.yaml"]) {
      const { stdout, stderr, status } = await diff(["--detailed-exitcode", "v1:lb.yaml", now]);
      expect([stderr, status]).toEqual(["", 2]);
      expect(stdout).toContain(`v1:lb.yaml → ${now}\n`);
      expect(stdout).toContain("! web: it moves from 172.16.10.10:80/tcp to 172.16.10.11:80/tcp");
    }
    const same = await diff(["--detailed-exitcode", "main:lb.yaml", "lb.yaml"]);
    expect([same.status, same.stdout]).toEqual([0, expect.stringContaining("Nothing changes on 5 hosts.")]);
  });

  test("counts from the top folder, and with ./ from the current one", async () => {
    const conf = join(repository, "conf");
    for (const old of ["v1:conf/own.yaml", "v1:./own.yaml", "v1:../conf/own.yaml"]) {
      const { stdout, status } = await diff(["--detailed-exitcode", old, "own.yaml"], conf);
      expect([status, stdout]).toEqual([0, expect.stringContaining("v1:conf/own.yaml → own.yaml")]);
    }
  });

  test("has the playbooks of its commit", async () => {
    const now = own.replace('all.arp_announce, value: "2"', 'all.arp_announce, value: "1"');
    expect(now).not.toBe(own);
    writeFileSync(join(repository, "modes/own.yaml"), now);
    try {
      const { stdout } = await diff(["v1:conf/own.yaml", "conf/own.yaml"]);
      expect(stdout).toContain("~ sysctl net.ipv4.conf.all.arp_announce = 1  (2 → 1)");
      rmSync(join(repository, "modes/own.yaml"));
      const inCommits = await diff(["--detailed-exitcode", "v1:conf/own.yaml", "main:conf/own.yaml"]);
      expect(inCommits.status).toBe(0);
      const here = await diff(["v1:conf/own.yaml", "conf/own.yaml"]);
      expect([here.status, here.stderr]).toEqual([64, expect.stringContaining("LVS-PLAYBOOK-001")]);
    } finally {
      writeFileSync(join(repository, "modes/own.yaml"), own);
    }
  });

  test("is all new or gone where the commit does not have it", async () => {
    const added = await diff(["v1:new.yaml", "new.yaml"]);
    expect(added.stdout).toContain("Note: new.yaml is new; there is no v1:new.yaml.");
    const gone = await diff(["main:new.yaml", "v1:new.yaml"]);
    expect(gone.stdout).toContain("Note: main:new.yaml is gone");
    const neither = await diff(["v1:none.yaml", "main:none.yaml"]);
    expect([neither.status, neither.stderr]).toEqual([
      64,
      expect.stringContaining("There is no topology file on either side: v1:none.yaml"),
    ]);
  });

  test("can be a folder, or a link to one, seen from anywhere", async () => {
    for (const [old, now, cwd] of [
      ["v1:conf", "conf", repository],
      ["v1:folder", "conf", repository],
      ["v1:conf", "../conf", join(repository, "modes")],
    ] as const) {
      const { stdout, status } = await diff(["--detailed-exitcode", old, now], cwd);
      expect([status, stdout]).toEqual([0, expect.stringContaining(`${old}/own.yaml → ${now}/own.yaml`)]);
    }
  });

  test("has files whose links and mistakes are in nobody's way but that of whoever compares them", async () => {
    const { stderr, status } = await diff(["v1:", "."]);
    expect([status, stderr]).toEqual([64, expect.stringMatching(/(^| )v1:bad\.yaml:\d+:\d+: LVS-CONFIG-/)]);
    expect(stderr).not.toContain("out.yaml");
  });

  test("can be a link to a file of the commit, and to nothing else", async () => {
    const { stdout } = await diff(["v1:link.yaml", "v1:lb.yaml"]);
    expect(stdout).toContain("Nothing changes on 5 hosts.");
    for (const [name, reason] of [
      ["out.yaml", "it is a symbolic link to something outside the commit"],
      ["none.lnk", "it is a symbolic link to something that the commit does not have"],
      ["loop.yaml", "its symbolic links form a loop"],
      ["sub/lb.yaml", "sub is a submodule, with commits of its own"],
    ] as const) {
      const found = await diff([`v1:${name}`, "lb.yaml"]);
      expect([found.status, found.stdout, found.stderr]).toEqual([64, "", expect.stringContaining(reason)]);
    }
  });

  test("with mistakes is an error with its place in the commit, also in Markdown", async () => {
    const { stderr, status } = await diff(["v1:bad.yaml", "lb.yaml"]);
    expect([status, stderr]).toEqual([64, expect.stringMatching(/(^| )v1:bad\.yaml:\d+:\d+: LVS-CONFIG-/)]);
    const markdown = await diff(["--format", "markdown", "v1:bad.yaml", "lb.yaml"]);
    expect([markdown.status, markdown.stdout]).toEqual([
      64,
      expect.stringMatching(/^- `v1:bad\.yaml:\d+:\d+` LVS-CONFIG-/m),
    ]);
  });

  test.each([
    ["a commit that there is not", ["none:lb.yaml", "lb.yaml"], "this repository has no commit none"],
    ["an option of git's", ["--", "--help:lb.yaml", "lb.yaml"], "this repository has no commit --help"],
    ["a name with a line break", ["v1:l\nb.yaml", "v1:x.yaml"], "There is no topology file on either side"],
    ["git's index", [":lb.yaml", "lb.yaml"], "lvsctl does not read git's index"],
  ])("%s is an error", async (_name, args, text) => {
    const { stdout, stderr, status } = await diff(args);
    expect([status, stdout, stderr]).toEqual([64, "", expect.stringContaining(text)]);
  });

  test("outside of every repository, and without git, is an error", async () => {
    const outside = await diff(["main:lb.yaml", join(repository, "lb.yaml")], folder);
    expect([outside.status, outside.stderr]).toEqual([64, expect.stringContaining("git says: not a git repository")]);
    const argv = [process.execPath, BIN, "diff", "main:lb.yaml", "lb.yaml"];
    const without = await runProcess(argv, { cwd: repository, env: { ...ENV, PATH: "/nonexistent" } });
    expect([without.status, without.stderr]).toEqual([64, expect.stringContaining("git is not installed")]);
  });

  test("works in a bare repository", async () => {
    const bare = join(folder, "bare.git");
    await git("clone", "-q", "--bare", repository, bare);
    const { stdout, status } = await diff(["--detailed-exitcode", "v1:conf/own.yaml", "main:conf/own.yaml"], bare);
    expect([status, stdout]).toEqual([0, expect.stringContaining("Nothing changes")]);
  });

  test("a file whose name has a colon is that file", async () => {
    writeFileSync(join(repository, "v1:lb.yaml"), DR.replaceAll("172.16.10.10", "172.16.10.12"));
    const { stdout } = await diff(["v1:lb.yaml", "lb.yaml"]);
    rmSync(join(repository, "v1:lb.yaml"));
    expect(stdout).toContain("it moves from 172.16.10.12:80/tcp to 172.16.10.11:80/tcp");
  });
});

test("docs/review.md shows what it prints", async () => {
  const root = join(import.meta.dirname, "../..");
  const blocks = blocksOf(readFileSync(join(root, "docs/review.md"), "utf8")).filter(({ info }) => info === "console");
  const steps = blocks.flatMap(stepsOf);
  expect(steps).toHaveLength(1);
  for (const { command, printed } of steps) {
    const [, args = ""] = /^lvsctl diff (.*)$/.exec(command) ?? [];
    const { stdout } = await diff(args.split(" "), root);
    expect(missingLine(printed, stdout)).toBeUndefined();
    expect(missingLine([...printed, "more"], stdout)).toBe("more");
  }
});
