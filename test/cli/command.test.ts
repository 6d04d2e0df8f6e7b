/** From a command line to what an action gets, through the table's data. */
import { describe, expect, it } from "vitest";
import { type Command, defineCommand, type Group } from "../../src/cli/command.ts";
import { askingFlags, verifyingFlags } from "../../src/cli/flags/asking.ts";
import { changeFlags, drainFlags } from "../../src/cli/flags/change.ts";
import { hostFlags } from "../../src/cli/flags/host.ts";
import { confirmFlags, managementFlags } from "../../src/cli/flags/plan.ts";
import { realServer } from "../../src/cli/flags/server.ts";
import { subject } from "../../src/cli/flags/subject.ts";
import { textFlags } from "../../src/cli/flags/text.ts";
import { argument, argumentList, choice, on } from "../../src/cli/parameter.ts";
import { createProgram } from "../../src/cli/program.ts";
import { Stopwatch } from "../../src/cli/stopwatch.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { Output } from "../../src/report/output.ts";

const silent: Output = {
  width: 80,
  isTerminal: false,
  write: () => undefined,
  paint: (_style, text) => text,
  showActivity: () => undefined,
  announce: () => undefined,
  lend: () => () => undefined,
};
const terminal: Terminal = {
  stdout: silent,
  stderr: silent,
  canAsk: false,
  stopwatch: new Stopwatch({ now: () => 0 }),
  showActivity: () => undefined,
  showPending: () => undefined,
  askSecret: async () => "",
};

/** Runs one command with a command line; gives its exit code and what lvsctl said of itself. */
async function run(command: Command, argv: readonly string[], own: Terminal = terminal) {
  const said: string[] = [];
  let code: number | undefined;
  const output = { width: 80, write: (text: string) => said.push(text) };
  const program = createProgram(
    [command],
    "0.0.0",
    { stdout: output, stderr: output },
    async ({ command: asked, name, given }) => {
      code = await asked.run(given, { ...own, command: name, table: [] });
    },
  );
  await program.parseAsync(["do", ...argv], { from: "user" }).catch((error) => {
    if (!(error instanceof LvsctlError && error.details.hint?.includes("lvsctl do --help"))) throw error;
    said.push(error.message);
  });
  return { code, said: said.join("") };
}

/** What the options of these groups are for a command line. */
async function optionsOf(groups: readonly Group[], argv: readonly string[], own?: Terminal): Promise<unknown> {
  let options: unknown;
  const keep = async (invocation: { readonly options: unknown }) => {
    options = invocation.options;
    return 0;
  };
  const { said } = await run(defineCommand({ name: "do", summary: "", groups, run: keep }), argv, own);
  return said === "" ? options : said;
}

describe("the flags of hosts", () => {
  it("have defaults, and ask for no secrets without a terminal", async () => {
    expect(await optionsOf([hostFlags], [])).toEqual({
      lab: false,
      parallel: 32,
      acceptNew: false,
      onStatus: terminal.showActivity,
      onPending: terminal.showPending,
    });
  });

  it("come to the options of the connections", async () => {
    const argv = "--lab -F my_config -l a,,b --parallel 2 --accept-new --ask-pass --connect-timeout 7".split(" ");
    expect(await optionsOf([hostFlags], argv)).toMatchObject({
      lab: true,
      sshConfig: "my_config",
      limit: ["a", "b"],
      parallel: 2,
      acceptNew: true,
      connectTimeoutMs: 7000,
      askSecret: terminal.askSecret,
    });
  });

  it("let secrets be asked for on a terminal", async () => {
    expect(await optionsOf([hostFlags], [], { ...terminal, canAsk: true })).toHaveProperty("askSecret");
  });

  it.each(["0", "-1", "1.5", "1000000", "x"])("refuse --parallel %s", async (text) => {
    expect(await optionsOf([hostFlags], ["--parallel", text])).toContain("It takes a whole number from 1 to 999999.");
  });
});

it("a flag that takes no value is refused without one, and an empty list is none", async () => {
  expect(await optionsOf([textFlags], ["-vvv"])).toBe("Option '-v, --verbose': There is no more detail than -vv.");
  for (const argv of [["--limit", ""], ["--limit=,"]]) {
    expect(await optionsOf([hostFlags], argv)).toMatch(/'--?l.* argument ',?' is invalid\. It takes at least one name/);
  }
  await expect(optionsOf([askingFlags], ["--only", ""])).resolves.toContain("It takes at least one name");
});

describe("the flags of a verification", () => {
  const all = { asking: { requests: 40, timeoutSeconds: 15, retries: 0, only: ["web", "db:3306", "dns"] } };

  it("leave everything to the file by default", async () => {
    expect(await optionsOf([askingFlags], [])).toEqual({ asking: {} });
    expect(await optionsOf([verifyingFlags], [])).toEqual({ asking: {} });
  });

  it("can all be set", async () => {
    const argv = "--requests 40 --timeout 15 --retries 0 --only web,db:3306 --only dns".split(" ");
    expect(await optionsOf([askingFlags], argv)).toEqual(all);
  });

  it("are not mistaken for others beside those of a run", async () => {
    const argv = "--requests 40 --verify-timeout 15 --retries 0 --verify-only web,db:3306 --verify-only dns".split(" ");
    expect(await optionsOf([changeFlags, verifyingFlags], argv)).toMatchObject({ ...all, confirmTimeoutSeconds: 60 });
    expect(await optionsOf([changeFlags, verifyingFlags], ["--timeout", "15"])).toContain("Unknown option");
    expect(await optionsOf([changeFlags, verifyingFlags], ["--only", "web"])).toContain("Unknown option");
  });

  it.each([
    ["--requests 0", "It takes a whole number from 1 to 10000."],
    ["--requests 10001", "It takes a whole number from 1 to 10000."],
    ["--timeout 0", "It takes a whole number from 1 to 300."],
    ["--timeout 301", "It takes a whole number from 1 to 300."],
    ["--timeout 1.5", "It takes a whole number from 1 to 300."],
    ["--retries 11", "It takes a whole number from 0 to 10."],
    ["--retries -1", "It takes a whole number from 0 to 10."],
  ])("%s is refused", async (argv, message) => {
    expect(await optionsOf([askingFlags], argv.split(" "))).toContain(message);
  });
});

describe("the flags of a run", () => {
  it("have defaults", async () => {
    expect(await optionsOf([changeFlags, drainFlags, managementFlags, confirmFlags, textFlags], [])).toEqual({
      yes: false,
      noRollback: false,
      confirmTimeoutSeconds: 60,
      stepTimeoutSeconds: 600,
      lockTimeoutSeconds: 0,
      drainTimeoutSeconds: 30,
      allowManagementChange: false,
      verbosity: 0,
    });
  });

  it("can all be set", async () => {
    const argv =
      "-yvv --no-rollback --confirm-timeout 5 --step-timeout 6 --lock-timeout 7 --no-drain --allow-management-change --confirm-at a=10.0.0.1 --confirm-at b=c";
    const groups = [changeFlags, drainFlags, managementFlags, confirmFlags, textFlags];
    expect(await optionsOf(groups, argv.split(" "))).toEqual({
      yes: true,
      noRollback: true,
      confirmTimeoutSeconds: 5,
      stepTimeoutSeconds: 6,
      lockTimeoutSeconds: 7,
      drainTimeoutSeconds: 0,
      allowManagementChange: true,
      confirmAt: new Map([
        ["a", "10.0.0.1"],
        ["b", "c"],
      ]),
      verbosity: 2,
    });
  });

  it.each([
    ["--confirm-timeout 4", "It takes a whole number from 5 to 999999."],
    ["--confirm-at a", "It takes a host of the topology and an address or an alias of ssh_config: rs1=10.0.0.7."],
    ["--confirm-at a=-oProxyCommand=x", "It takes a host of the topology"],
    ["--confirm-at a=1 --confirm-at a=2", "a is named twice."],
    ["--name ../n --host a", "A topology's name has lower-case letters, digits and hyphens: dr-lab."],
    ["--name n --host a,-oProxyCommand=x", '"-oProxyCommand=x" is not a host.'],
  ])("%s is refused", async (argv, message) => {
    expect(await optionsOf([changeFlags, confirmFlags, subject], argv.split(" "))).toContain(message);
  });
});

describe("the subject of a command", () => {
  it.each([
    ["f.yaml", { file: "f.yaml" }],
    ["--name n --host a,ops@b --host fd00::1", { name: "n", hosts: ["a", "ops@b", "fd00::1"] }],
  ])("%s", async (argv, expected) => {
    expect(await optionsOf([subject], argv.split(" "))).toEqual({ subject: expected });
  });

  it.each(["", "--name n", "--host a", "f.yaml --name n --host a"])("is not said by %j", async (argv) => {
    await expect(optionsOf([subject], argv.split(" ").filter(Boolean))).rejects.toMatchObject({
      code: "LVS-USAGE-001",
      details: { hint: "lvsctl do topology.yaml, or lvsctl do --name dr-lab --host lb1,rs1,rs2" },
    });
  });

  it("is a real server for drain", async () => {
    expect(await optionsOf([realServer], ["f.yaml", "rs1"])).toEqual({ subject: { file: "f.yaml", server: "rs1" } });
    expect(await optionsOf([realServer], ["f.yaml", "rs1", "--service", "web"])).toEqual({
      subject: { file: "f.yaml", server: "rs1", service: "web" },
    });
  });
});

describe("a command", () => {
  const written: string[] = [];
  const output: Output = { ...silent, write: (text) => written.push(text) };
  const command = defineCommand({
    name: "do",
    summary: "",
    parameters: {
      from: choice("--from <origin>", "", ["here", "there"]),
      noWait: on("--no-wait", ""),
      words: argumentList("[word...]", ""),
    },
    formats: ["text", "json"],
    async run({ values, print }) {
      print({ text: () => `${JSON.stringify(values)}\n`, json: () => ({ format: "lvsctl.test/1", ...values }) });
      return 7;
    },
  });
  const printed = async (...argv: readonly string[]) => {
    written.length = 0;
    const { code, said } = await run(command, argv, { ...terminal, stdout: output });
    return said === "" ? { code, text: written.join("") } : said;
  };

  it("gets its own values, and its result becomes the exit code", async () => {
    expect(await printed()).toEqual({ code: 7, text: '{"noWait":false,"words":[]}\n' });
    expect(await printed("--from", "here", "--from", "there", "--no-wait", "a", "b")).toEqual({
      code: 7,
      text: '{"from":"there","noWait":true,"words":["a","b"]}\n',
    });
  });

  it("prints its result in the format that was asked for", async () => {
    const { text } = { text: "", ...Object(await printed("--format", "json", "--", "--format", "x")) };
    expect(JSON.parse(text)).toEqual({
      format: "lvsctl.test/1",
      noWait: false,
      words: ["--format", "x"],
      seconds: expect.any(Number),
    });
    expect(text).toContain('\n  "words": [\n    "--format"');
  });

  it("that ends in a command leaves that command's flags to it", async () => {
    const parameters = { loud: on("--loud", ""), host: argument("<host>", ""), words: argumentList("[word...]", "") };
    const given: unknown[] = [];
    const keep = async ({ values }: { readonly values: unknown }) => given.push(values);
    const definition = { name: "do", summary: "", parameters, run: keep } as const;
    const argv = ["--loud", "rs1", "curl", "--loud", "-sS", "--", "x"];
    await run(defineCommand({ ...definition, endsInCommand: true }), argv);
    await run(defineCommand({ ...definition, endsInCommand: true }), ["rs1", "--", "curl", "--", "-sS"]);
    expect(given).toEqual([
      { loud: true, host: "rs1", words: ["curl", "--loud", "-sS", "--", "x"] },
      { loud: false, host: "rs1", words: ["curl", "--", "-sS"] },
    ]);
    // Only a command line loses it: no other argument is ever empty.
    await run(defineCommand({ ...definition, endsInCommand: true }), ["rs1", "--"]);
    const named = { ...definition, parameters: { file: argument("<file>", ""), ...parameters } };
    await run(defineCommand({ ...named, endsInCommand: true }), ["lab", "--", "rs1"]);
    expect(given.slice(2)).toEqual([
      { loud: false, host: "rs1", words: [] },
      { file: "lab", loud: false, host: "--", words: ["rs1"] },
    ]);
    expect(await run(defineCommand(definition), argv)).toMatchObject({ said: "Unknown option '-sS'." });
  });

  it("refuses what is none of its choices, formats and flags", async () => {
    expect(await printed("--from", "nowhere")).toContain("Allowed choices are here, there.");
    expect(await printed("--format", "github")).toContain("Allowed choices are text, json.");
    expect(await printed("--wait")).toContain("Unknown option '--wait'");
  });
});
