/** Whatever is shown, from wherever: nothing in it is a command for the terminal, except our own colours. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, it, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { catalogue, type ErrorCode } from "../../src/errors/catalogue.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { formatCutOff, formatDrained, watchDrain } from "../../src/report/drain.ts";
import { formatDrift } from "../../src/report/drift.ts";
import { formatError } from "../../src/report/error-text.ts";
import { formatExplanation } from "../../src/report/explain-text.ts";
import { formatJson, type JsonResult } from "../../src/report/json.ts";
import { formatLabDown, formatLabs, formatLabUp } from "../../src/report/labs.ts";
import { formatLedgers, formatProposals } from "../../src/report/ledgers.ts";
import { createOutput, type Output } from "../../src/report/output.ts";
import { formatEndedRun, formatPending } from "../../src/report/pending.ts";
import { formatPlan } from "../../src/report/plan-text.ts";
import { formatStillLive } from "../../src/report/removed-hosts.ts";
import { formatOutcome } from "../../src/report/run-view.ts";
import { createSpinner } from "../../src/report/spinner.ts";
import { formatAnnotations, formatValidation } from "../../src/report/validation.ts";
import { formatVerification } from "../../src/report/verification.ts";
import { wrap } from "../../src/report/wrap.ts";
import { entry, jsonResults, plan, verification } from "../helpers/json-results.ts";

/** A clipboard write, a cleared screen, a title, C1, changes of the direction, a line that overwrites itself, a half character. */
const HOSTILE = [
  "\u001b]52;c;cm0gLXJmIC8=\u0007",
  "\u001b[2J\u001b[H\u001b[31m",
  "\u001b]0;title\u001b\\",
  "\u009b2J\u009d52;c;eA==\u009c",
  "\u202emoc.live\u2066\u2069\u200e\u061c",
  "\rall is well\b\b\u0000\u007f\u0085",
  "\u2028\u2029\u00ad\ufeff\u{e0041}\ue000\u{f0000}\u{f0001}\ud800",
  "\ufe0f\u{e0100}\u034f\u3164\u115f\uffa0\u2800\u200d\u200c",
];
const ALL = HOSTILE.join("");

/** Whatever a terminal could interpret, or does not show, except the colours that `paint` adds. */
const COMMAND =
  /(?!\u001b\[(?:1|2|22|31|32|33|36|39)m)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const withoutBreaks = (text: string) => text.replaceAll("\n", "").replaceAll("\t", "");

interface Screen {
  readonly output: Output;
  shown(): string;
}

function screen(isTerminal = true): Screen {
  const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY: isTerminal, columns: 100 });
  const said: string[] = [];
  stream.on("data", (text: string) => said.push(text));
  const output = createOutput(stream as unknown as NodeJS.WriteStream, { seed: 4711 });
  return { output, shown: () => said.join("") };
}

function expectHarmless(text: string): void {
  expect(COMMAND.exec(withoutBreaks(text))?.[0]).toBeUndefined();
}

/** The value with hostile text in every string, except in those that the program decides by. */
function dirty<T>(value: T, key = ""): T {
  if (typeof value === "string") return (DECIDES.has(key) || kept.has(key) ? value : `${value}${dirt}`) as T;
  if (value instanceof LvsctlError) return new LvsctlError(value.code, value.message + dirt, dirty(value.details)) as T;
  if (Array.isArray(value)) return value.map((one) => dirty(one, key)) as T;
  if (value instanceof Map) return new Map([...value].map(([name, one]) => [dirty(name, "name"), dirty(one)])) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, dirty(one, name)])) as T;
}
/** What is added, and to which strings it is not. */
let dirt = ALL;
let kept: ReadonlySet<string> = new Set();
const DECIDES = new Set([
  "action",
  "engine",
  "kind",
  "language",
  "phase",
  "result",
  "roles",
  "scope",
  "stage",
  "state",
]);
DECIDES.add("what").add("drawn").add("direction").add("segment");

const host = { host: "rs1", path: "/var/lib/lvsctl/web/ledger.json" };
const problem = new LvsctlError("LVS-LEDGER-001", "It is damaged.", { host: "rs1", output: "what it says" });
const proposal = {
  ...{ ...host, problem, entries: [entry], found: [{ ...entry, original: null }], untrue: [entry] },
  ...{
    unclear: ["a thing"],
    hosts: [],
    unreadable: ["a line"],
    keptAs: "ledger.json.damaged",
    hasDesired: false,
    shared: [],
  },
};
const lab = { name: "dr-lab", state: "running", engine: "uml", hosts: ["dr"], pid: 1, uptimeSeconds: 1 } as const;
// What the user has typed is not text that others have written.
const given = { file: "dr.yaml", sshConfig: "ssh_config" };
const open = [{ host: "dr", key: "tcp 10.0.0.1:80 -> 10.0.0.2:80", active: 1, inactive: 2 }];
const outcome = {
  result: "failed",
  isInterrupted: false,
  failures: [problem],
  remains: [problem],
  cutOff: open,
} as const;
const located = new LvsctlError("LVS-CONFIG-001", "It is wrong.", {
  ...{ at: { file: "dr.yaml", line: 3, column: 5, length: 4, text: "    role: director" }, hint: "Mend it." },
});
const validated = [{ file: "dr.yaml", problems: [located], warnings: [located] }];
const drift = {
  ...{ topology: "dr-lab", rivals: [{ host: "dr", address: "10.0.0.1", asker: "dr", who: ["pc"] }], notes: ["a note"] },
  hosts: [
    {
      ...{ host: "rs1", hasLedger: true, checked: 2 },
      differences: [
        { what: "changed", kind: "sysctl", key: "k", description: "k", fields: [{ name: "n", set: "1", now: "0" }] },
        { what: "added", kind: "iptables-rule", key: "r", description: "a rule", remedy: "iptables -D x" },
      ],
    },
  ],
} as const;

const explained = await explain("examples/unmanaged.yaml", "en");

/** How each result is shown. */
const texts: Readonly<Record<string, (output: Output) => string | Promise<string>>> = {
  plan: (output) => formatPlan(dirty(plan), output, 2),
  verify: (output) => formatVerification(dirty(verification), given, output),
  drift: (output) => formatDrift(dirty(drift), {}, output),
  "ledger show": (output) =>
    formatLedgers(
      dirty({ topology: "t", hosts: [{ ...host, entries: [entry], problem: undefined, others: ["o"] }] }),
      output,
    ),
  "ledger repair": (output) => formatProposals([dirty(proposal)], {}, output),
  "lab status": () => formatLabs([dirty(lab)]),
  "lab up": () => formatLabUp(dirty({ name: "dr-lab", hosts: [{ name: "dr" }] }) as never, ALL),
  "lab down": () => formatLabDown(dirty({ name: "dr-lab", wasUp: true, elsewhere: [lab] })),
  explain: (output) => formatExplanation(dirty(explained), output),
  validate: (output) => formatValidation(dirty(validated), output),
  "validate --format github": () => formatAnnotations(dirty(validated)),
  "the outcome of a run": (output) => formatOutcome(dirty(outcome), given, output),
  "hosts that are still live": (output) => formatStillLive(dirty(plan), given, output),
  "confirm and rollback": (output) =>
    formatEndedRun(dirty({ result: "confirmed", hosts: ["rs1", "dr"], failures: [problem] } as const), output),
  "a pending run": (output) => formatPending([dirty(problem)], output),
  "a drain": (output) =>
    formatDrained({ server: ALL, service: ALL }, dirty({ result: "interrupted", open }), dirty(given), output),
  "connections that were cut off": (output) => formatCutOff(dirty(open), output),
};

describe("text that others have written is shown without a command for the terminal", () => {
  it.each(Object.entries(texts))("in the result of %s", async (_name, format) => {
    const { output, shown } = screen();
    const text = await format(output);
    expect(COMMAND.test(withoutBreaks(text))).toBe(true); // Otherwise nothing is tested.
    output.write(text);
    expect(shown()).toContain("\ufffd");
    expectHarmless(shown());
  });

  it.each(Object.keys(catalogue) as ErrorCode[])("in the error %s", (code) => {
    const { output, shown } = screen();
    const error = new LvsctlError(code, "what", {
      ...{ hint: "fix", host: "rs1", step: "step", output: "said", at: located.details.at ?? never() },
    });
    output.write(formatError(dirty(error), output));
    output.write(formatError(new LvsctlError(code, ALL, { problems: [dirty(error), dirty(problem)] }), output));
    expect(shown()).toContain("\ufffd");
    expectHarmless(shown());
  });

  it("in what goes on", () => {
    const { output, shown } = screen();
    const show = createSpinner(output);
    show(ALL);
    show(undefined);
    show("reading 2 hosts", ALL);
    show(undefined);
    const tell = watchDrain(ALL, output, { now: () => 0 });
    tell(open);
    tell([]);
    expect(shown()).toContain("\r\u001b[K");
    expectHarmless(shown().replaceAll("\r\u001b[K", ""));
  });

  it("in every result as JSON, which means the same", async () => {
    for (const result of await jsonResults()) {
      const hostile = dirty(result, "") as JsonResult;
      const { output, shown } = screen();
      output.write(formatJson(hostile));
      expectHarmless(shown());
      expect(shown()).not.toContain("\ufffd");
      expect(JSON.parse(shown())).toEqual(JSON.parse(JSON.stringify(hostile)));
    }
  });

  it.each(HOSTILE)("%j", (text) => {
    const { output, shown } = screen(false);
    output.write(`before ${text} after`);
    expect(shown()).toMatch(/^before .* after$/s);
    expectHarmless(shown());
  });
});

describe("text that others have written begins no line of its own", () => {
  const FORGED = "rs9  no changes (3 things checked)";
  const ways: Readonly<Record<string, string>> = {
    "line breaks": `\n\n${FORGED}\n`,
    "line breaks of other systems": `\r\n\r\n${FORGED}`,
    tabs: "\t".repeat(30) + FORGED,
    "hard spaces": `${"\u00a0".repeat(100)}${FORGED}`.replaceAll(" ", "\u00a0"),
    "wide characters": `${"\u231a ".repeat(10)}${"\u231a".repeat(60)}${" ".repeat(5)}${FORGED}`,
    ...Object.fromEntries([10, 20, 30, 40].map((much) => [`${much} blanks`, (" ".repeat(much) + FORGED).repeat(9)])),
  };
  /** Annotations are for a program; the others hold nothing but what is narrow. */
  const people = Object.keys(texts).filter((name) => !/^(validate --format github|lab .*|a drain)$/.test(name));
  /** What lvsctl takes only if it is narrow: names of hosts, topologies and services, addresses, and paths of its own. */
  const NARROW = [
    ...["host", "hosts", "name", "topology", "example", "server", "service", "services", "path", "keptAs"],
    ...["address", "addresses", "source", "destination", "protocol"],
  ];

  afterEach(() => {
    dirt = ALL;
    kept = new Set();
  });

  it.each(Object.keys(ways).flatMap((way) => people.map((result) => [way, result] as const)))(
    "by %s, in the result of %s",
    async (way, result) => {
      dirt = ways[way] ?? never();
      kept = new Set(NARROW);
      const { output, shown } = screen();
      output.write((await texts[result]?.(output)) ?? never());
      const lines = asDrawn(stripVTControlCharacters(shown()), 100);
      expect(lines.join("").replaceAll("\u00a0", " ")).toContain(way === "wide characters" ? "\u231a" : "rs9");
      expect(lines.filter((line) => /^\s{0,1}rs9\b/.test(line))).toEqual([]);
    },
  );
});

/** The lines of a terminal of this width, on which such a text is drawn. */
function asDrawn(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((written) => {
    const lines = [""];
    let column = 0;
    for (const character of written) {
      const room = /[\u231a\u4e00-\u9fff]/.test(character) ? 2 : 1;
      if (character !== "\t" && column + room > width) {
        lines.push("");
        column = 0;
      }
      lines.push(`${lines.pop() ?? ""}${character}`);
      column = character === "\t" ? Math.min(width - 1, column - (column % 8) + 8) : column + room;
    }
    return lines;
  });
}

describe("what is harmless", () => {
  it("is shown as it is: line breaks, tabs, Chinese, joined emoji", () => {
    const text = "one\n\ttwo — 虚拟 IP 👩‍💻 ⚠️ ✓ क्‍ष می‌خواهم\n";
    const { output, shown } = screen();
    output.write(text);
    expect(shown()).toBe(text);
  });

  it("has the line breaks of this system", () => {
    const { output, shown } = screen();
    output.write("one\r\ntwo\r\n");
    expect(shown()).toBe("one\ntwo\n");
  });
});

describe("colours", () => {
  test("are shown, and take no room", () => {
    const stream = Object.assign(new PassThrough({ encoding: "utf8" }), {
      isTTY: true,
      columns: 80,
      hasColors: () => true,
    });
    const output = colourful(() => createOutput(stream as unknown as NodeJS.WriteStream, { seed: 7 }));
    const [line = "", ...more] = wrap(`${output.paint("red", "one")} two`, 7);
    output.write(line);
    expect(more).toEqual([]);
    expect(stream.read()).toBe("\u001b[31mone\u001b[39m two");
  });

  test("are not shown where they are turned off", () => {
    const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY: true, columns: 80 });
    const output = colourful(() => createOutput(stream as unknown as NodeJS.WriteStream, { color: false }));
    output.write(output.paint("red", "one"));
    expect(stream.read()).toBe("one");
  });
});

test("no other file writes to the terminal: output.ts does, the questions, the progress of a run, and lab ssh asks what it is", () => {
  const root = fileURLToPath(new URL("../../src", import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const writers = files.filter((name) =>
    /process\.(stdout|stderr)|\bconsole\.(log|error)\(/.test(readFileSync(join(root, name), "utf8")),
  );
  expect(writers.sort()).toEqual([
    "cli/outputs.ts",
    "lab/lab-ssh.ts",
    "report/live-stages.ts",
    "report/progress.ts",
    "report/prompt.ts",
  ]);
});

/** As where nothing has turned colours off. */
function colourful<T>(work: () => T): T {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  delete process.env["NO_COLOR"];
  process.env["FORCE_COLOR"] = "1";
  try {
    return work();
  } finally {
    delete process.env["FORCE_COLOR"];
    if (NO_COLOR !== undefined) process.env["NO_COLOR"] = NO_COLOR;
    if (FORCE_COLOR !== undefined) process.env["FORCE_COLOR"] = FORCE_COLOR;
  }
}

function never(): never {
  throw new Error("it has a place");
}
