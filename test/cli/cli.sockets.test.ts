import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.ts";
import { checkedJson } from "../helpers/checked-json.ts";
import { watched } from "../helpers/watched-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-cli-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function lvsctl(...args: readonly string[]) {
  const env = { PATH: process.env["PATH"], HOME: folder };
  return watched([process.execPath, join(root, "bin/lvsctl.js"), ...args], { cwd: root, env }).ended;
}

/** The same in this process, which is much faster. */
async function here(...args: readonly string[]) {
  const printed = { stdout: "", stderr: "" };
  const names = ["stdout", "stderr"] as const;
  const spies = names.map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text: unknown, ...others: readonly unknown[]) => {
      printed[name] += text;
      for (const written of others) if (typeof written === "function") written();
      return true;
    }),
  );
  try {
    return { status: await main(args), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** The files that node loads for a command line, those of node itself left out. */
async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
  const coverage = mkdtempSync(join(folder, "loaded-"));
  const env = { PATH: process.env["PATH"], HOME: folder, NODE_V8_COVERAGE: coverage };
  await watched([process.execPath, join(root, "bin/lvsctl.js"), ...args], { env }).ended;
  const [name = ""] = readdirSync(coverage);
  const { result } = JSON.parse(readFileSync(join(coverage, name), "utf8"));
  const urls: readonly string[] = result.map(({ url }: { readonly url: string }) => url);
  return urls.filter((url) => url.startsWith("file:")).map((url) => relative(root, fileURLToPath(url)));
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const example = readFileSync(join(root, "examples/dr.yaml"), "utf8");

describe("the command line", () => {
  it.each(["--version", "-V", "-v", "version"])("says its version for %s", async (word) => {
    expect(await here(word)).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
  });

  it.each([
    [["frobnicate"], "Unknown command 'frobnicate'."],
    [["help", "frobnicate"], "Unknown command 'frobnicate'."],
    [["frobnicate", "--help"], "Unknown command 'frobnicate'."],
    [["help", "lab", "frobnicate"], "Unknown command 'frobnicate'."],
    [["validat"], "Fix: Did you mean validate?"],
    [["lab", "upp"], "Fix: Did you mean up?"],
    [["plan"], "Missing required argument 'file'."],
    [["plan"], "Usage: lvsctl plan [options] <file> (lvsctl plan --help explains it)."],
    [["plan", "a", "b"], "Too many arguments for 'plan'."],
    [["plan", "--paralel", "3", "a"], "Fix: Did you mean --parallel?"],
    [["plan", "--limit"], "Option '-l, --limit <host,…>' argument missing."],
    [["completion", "tcsh"], "Allowed choices"],
    [["plan", "--parallel", "0", "examples/dr.yaml"], "whole number"],
    [["validate", "--format", "xml", "examples/dr.yaml"], "Allowed choices"],
    [["validate", "no-such-file.yaml"], "there is no such file"],
    [["validate", "examples"], "it is a folder"],
    [["plan", "no-such-file.yaml"], "there is no such file"],
    [["destroy"], "topology file, or"],
    [["destroy", "--name", "../../etc", "--host", "h"], "A topology's name has lower-case letters"],
    [["destroy", "--name", "x", "--host", "lb1,-oProxyCommand=x"], '"-oProxyCommand=x" is not a host'],
    [["destroy", "--name", "x", "--host", "lb1 rs1"], '"lb1 rs1" is not a host'],
    [["destroy", "--name", "x"], "topology file, or"],
    [["plan", "--limit", "rs9", "examples/dr.yaml"], "Did you mean rs1?"],
  ])("%j is a mistake of the user: exit 64, and no stack trace", async (args, text) => {
    const { status, stdout, stderr } = await here(...args);
    expect((stdout + stderr).replaceAll(/\n +/g, " ")).toContain(text);
    expect(stdout + stderr).toMatch(/LVS-(USAGE|CONFIG)-\d{3} /);
    expect(stdout + stderr).not.toMatch(/\n {4}at /);
    expect(stderr).not.toMatch(/^Took [01]\./m);
    expect(status).toBe(64);
  });

  it("exits 4 for hosts that cannot be reached, and names each of them", async () => {
    let port = 0;
    const nowhere = (role: string) => `${role}\n    ssh: { host: 127.0.0.1, port: ${++port}, user: nobody }`;
    const unreachable = file("unreachable.yaml", example.replaceAll(/role: (?:\w|-)+/g, nowhere));
    const { status, stderr } = await lvsctl("plan", "-F", "/dev/null", unreachable);
    for (const host of ["fw", "dr", "rs1", "rs2", "client"]) expect(stderr).toContain(`${host}: LVS-CONNECT-`);
    expect(stderr).toContain("5 of 5 hosts failed; see above.");
    expect(status).toBe(4);
  });
});

it.each([
  ["help lab up", "lab up --help"],
  ["help apply", "apply --help"],
  ["help help", "--help"],
  ["help", "--help"],
])("%s prints what %s prints", async (help, flag) => {
  const [one, other] = [await here(...help.split(" ")), await here(...flag.split(" "))];
  expect(one.status).toBe(0);
  expect(one.stdout).toContain("Usage: lvsctl");
  expect(one.stdout).toBe(other.stdout);
});

it("asked for a command of a family shows which there are, and nothing is wrong in it but that none was named", async () => {
  const { status, stderr } = await here("lab");
  expect(stderr).toContain("Usage: lvsctl lab [options] [command]");
  expect(status).toBe(64);
});

it("says when the result could not be written, and exits 1", async () => {
  const line = `${process.execPath} bin/lvsctl.js schema >/dev/full`;
  const { status, stderr } = await watched(["sh", "-c", line], { cwd: root }).ended;
  expect(stderr).toContain("LVS-USAGE-004");
  expect(status).toBe(1);
});

it("shows nothing that a terminal would interpret: names, arguments, and what a host says before a login", async () => {
  const hostile = "\u001b]52;c;eA==\u0007\u009b2J\u202e";
  const server = createServer((socket) => socket.end(`${hostile}\r\nSSH-2.0-${hostile}\r\n`));
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  let host = 0;
  const here = (role: string) => `${role}\n    ssh: { host: 127.0.0.${++host}, port: ${port} }`;
  const topology = example.replaceAll(/role: (?:\w|-)+/g, here);
  try {
    for (const args of [
      ["validate", `${hostile}.yaml`],
      [hostile],
      ["plan", `--${hostile}`],
      ["plan", "--limit", hostile, file("named.yaml", topology)],
      ["plan", "-F", `/${hostile}`, file("banner.yaml", topology)],
      ["plan", "-F", "/dev/null", file("banner.yaml", topology)],
    ]) {
      const { stdout, stderr, status } = await lvsctl(...args);
      expect(status).toBeGreaterThan(1);
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
      if (args.includes("/dev/null")) expect(stderr).toMatch(/LVS-CONNECT-\d+/);
    }
  } finally {
    server.close();
  }
});

it.each(["--help", "apply --help", "schema", "completion bash"])("%s ends well when nobody reads on", async (words) => {
  const line = `${process.execPath} bin/lvsctl.js ${words} | true; exit "\${PIPESTATUS[0]}"`;
  const { status, stderr } = await watched(["bash", "-c", line], { cwd: root }).ended;
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

describe("what is loaded", () => {
  it.each([["--version"], ["--help"], ["help", "apply"]])("for %s is the command line alone", async (...args) => {
    const loaded = await loadedBy(...args);
    const folders = new Set(loaded.map((path) => path.split("/").slice(0, 2).join("/")));
    expect([...folders].sort()).toEqual([
      "bin/lvsctl.js",
      "dist/app",
      "dist/cli",
      "dist/errors",
      "dist/machine",
      "dist/report",
      "dist/shell",
      "node_modules/commander",
    ]);
    expect(loaded.filter((path) => /^dist\/(app|report)\//.test(path)).sort()).toEqual([
      "dist/app/own-version.js",
      "dist/app/run-defaults.js",
      "dist/report/display-width.js",
      "dist/report/json.js",
      "dist/report/next-command.js",
      "dist/report/output.js",
      "dist/report/visible.js",
      "dist/report/wrap.js",
    ]);
  });

  it("for a command is what it needs: no host, no SSH", async () => {
    const loaded = await loadedBy("validate", join(root, "examples/dr.yaml"));
    expect(loaded).toContain("dist/app/validate.js");
    expect(loaded.filter((path) => /\/(ssh2|listr2)\//.test(path))).toEqual([]);
  });
});

describe("validate", () => {
  const broken = `${example}\n  web2: { mode: dr, vip: 010.0.0.1, port: 80, scheduler: "$(reboot)" }\n  web: {}\n`;

  it("exits 64 and prints every mistake with its place, for people", async () => {
    const path = file("broken.yaml", broken);
    const { status, stdout } = await lvsctl("validate", path);
    expect(status).toBe(64);
    expect(stdout.match(/broken\.yaml:\d+:\d+: LVS-CONFIG-\d+/g)?.length).toBeGreaterThanOrEqual(2);
    expect(stdout).toContain("^^^");
    expect(stdout).toContain("Fix:");
    expect(stdout).not.toContain("\u001b[");
  });

  it("prints them for machines and for GitHub, too", async () => {
    const path = file("broken.yaml", broken);
    const json = checkedJson((await here("validate", "--format", "json", path)).stdout);
    expect(json).toMatchObject({ format: "lvsctl.validate/1", ok: false });
    expect(json.problems[0]).toMatchObject({
      file: path,
      line: expect.any(Number),
      code: expect.stringMatching(/^LVS-/),
    });
    const { status, stdout } = await here("validate", "--format", "github", path);
    expect(stdout).toMatch(/^::error file=.*,line=\d+,col=\d+/m);
    expect(status).toBe(64);
  });

  it.each([
    ["10 MB", "a: b\n".repeat(2_000_000)],
    ["a NUL", "version: 1\nname: a\0b\n"],
    ["nothing", ""],
    ["a cycle of aliases", "a: &a [*a]\n"],
    ["an escape sequence", "version: 1\nname: \u001b[2Jx\n"],
    [
      "a command",
      "version: 1\nname: $(reboot)\nhosts: { a: { role: director, interfaces: { eth0: 10.0.0.1/24 } } }\nservices: {}\n",
    ],
  ])("refuses %s with a place and exit 64, and shows no control characters", async (_name, text) => {
    const { status, stdout, stderr } = await here("validate", file("hostile.yaml", text));
    expect(status).toBe(64);
    expect(stdout).toMatch(/hostile\.yaml:\d+:\d+: LVS-CONFIG-\d+/);
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });

  it("accepts every example", async () => {
    const names = ["dr", "everything", "ftp-and-sip", "fullnat", "nat", "nat-two-arm", "tun"];
    const { status, stdout } = await here("validate", ...names.map((name) => `examples/${name}.yaml`));
    expect(stdout.trim().split("\n")).toEqual(names.map((name) => `✓ examples/${name}.yaml is valid`));
    expect(status).toBe(0);
  });
});
