import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { arpProbe } from "../../src/probes/arp.ts";
import { loginProbe } from "../../src/probes/login.ts";
import { assertReadOnly, isReadOnly } from "../../src/transport/guard.ts";
import { randomCases } from "../helpers/long-run.ts";

const reads = load("reads");
const changes = load("changes");
const unsent = load("unsent");

describe("the guard allows reads", () => {
  test.each(reads)("$shown", ({ argv }) => expect(isReadOnly(argv)).toBe(true));
});

describe("the guard refuses changes", () => {
  test.each(changes)("$shown", ({ argv }) => expect(isReadOnly(argv)).toBe(false));
  it("has a corpus worth the name", () => {
    expect(changes.length).toBeGreaterThan(300);
    expect(reads.length).toBeGreaterThan(40);
  });
});

describe("the guard refuses what lvsctl never sends", () => {
  test.each(unsent)("$shown", ({ argv }) => expect(isReadOnly(argv)).toBe(false));
});

/** For each program, options and verbs with which a command that was a read is none any more, wherever they stand. */
const poison: Readonly<Record<string, readonly string[]>> = {
  ip: [
    "add",
    "a",
    "del",
    "d",
    "delete",
    "replace",
    "set",
    "s",
    "flush",
    "f",
    "change",
    "-b",
    "-batch",
    "-ba",
    "exec",
    "netns",
    "-all",
    "restore",
  ],
  "iptables-save": ["-M", "-M/tmp/x", "-f", "-f/tmp/x", "-cf", "--modprobe=/x", "--file=/x", "--file", "-t../x"],
  ipvsadm: [
    "-C",
    "-Z",
    "-A",
    "-E",
    "-D",
    "-a",
    "-e",
    "-d",
    "-R",
    "-LC",
    "-nZ",
    "-SnR",
    "--clear",
    "--set",
    "--zero",
    "--start-daemon",
    "--cl",
  ],
  modprobe: ["-r", "-C", "-d", "-nr", "-nC/x", "--remove", "--config", "--force", "-f", "x=y", "-i"],
  curl: [
    "-o",
    "-O",
    "-d",
    "-T",
    "-F",
    "-X",
    "-K",
    "-c",
    "-D",
    "-sO",
    "-sT/x",
    "--output=/x",
    "--request",
    "-x",
    "-Q",
    "--data",
    "file:///x",
    "@x",
  ],
  ss: ["-K", "-tK", "-D", "-D/x", "--kill", "-E", "-F/x", "-N"],
  test: ["-v", "-R", "-t", "-a", "-o", "!", "(", "-eq", "-d", "/"],
  head: ["-f", "-n", "-q", "--follow", "--lines=1"],
  find: ["-delete", "-exec", "-execdir", "-ok", "-okdir", "-fprint", "-fprint0", "-fprintf", "-fls", "-files0-from"],
};

describe("properties", () => {
  it("a read with an option that changes something is refused, wherever the option stands", () => {
    const cases = reads.filter(({ argv }) => Object.hasOwn(poison, argv[0] ?? ""));
    expect(new Set(cases.map(({ argv }) => argv[0])).size).toBe(Object.keys(poison).length);
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.nat(), fc.nat(), ({ argv }, which, where) => {
        const words = poison[argv[0] ?? ""] ?? [];
        const word = words[which % words.length] ?? "";
        const at = 1 + (where % argv.length);
        // What follows an option that takes any text is that option's value, whatever it looks like.
        fc.pre(!/^(-[a-zA-Z]*[wH]|--header|--write-out|-f=.*|-d|-name|-newer)$/.test(argv[at - 1] ?? ""));
        fc.pre(!(argv[0] === "ip" && ipTakesName(argv, at)));
        expect(isReadOnly([...argv.slice(0, at), word, ...argv.slice(at)])).toBe(false);
      }),
      { numRuns: randomCases(5_000) },
    );
  });

  it("never throws, and allows no program that is not listed", () => {
    const word = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom(...reads.flatMap(({ argv }) => argv)),
    );
    const programs = new Set(reads.map(({ argv }) => argv[0] ?? ""));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        if (isReadOnly(argv)) expect([...programs]).toContain(argv[0]);
      }),
      { numRuns: randomCases(5_000) },
    );
  });
});

describe("assertReadOnly", () => {
  it("names the command and the host", () => {
    const read = { name: "x", argv: ["rm", "-rf", "a b"] };
    expect(() => assertReadOnly("rs1", [{ name: "ok", argv: ["test", "-e", "/"] }, read])).toThrow(
      expect.objectContaining({ code: "LVS-CONNECT-020", message: expect.stringMatching(/rs1.*rm -rf 'a b'/) }),
    );
  });

  it("accepts a probe only with its own script", () => {
    const read = { name: "login", argv: ["lvsctl_login"], script: loginProbe.script ?? "" };
    expect(() => assertReadOnly("rs1", [read])).not.toThrow();
    for (const script of [`${read.script}\nreboot`, "lvsctl_login() { reboot; }", "", arpProbe.script ?? ""]) {
      expect(() => assertReadOnly("rs1", [{ ...read, script }])).toThrow(/rs1/);
    }
    const other = { name: "x", argv: ["cat", "/etc/hosts"], script: loginProbe.script ?? "" };
    expect(() => assertReadOnly("rs1", [other])).toThrow(/rs1/);
  });

  it("refuses names that would break the frames", () => {
    for (const name of ["", "a\nb", "a\u0000", "\u001b[2J"]) {
      expect(() => assertReadOnly("rs1", [{ name, argv: ["test", "-e", "/"] }])).toThrow(/rs1/);
    }
  });
});

/** After `ip … show`, words are names: `ip link show set` shows a device called set. */
function ipTakesName(argv: readonly string[], at: number): boolean {
  const object = argv.findIndex((word, index) => index > 0 && !word.startsWith("-"));
  return at > object + 1;
}

interface Case {
  readonly shown: string;
  readonly argv: readonly string[];
}

function load(name: string): readonly Case[] {
  const text = readFileSync(new URL(`../fixtures/guard/${name}.txt`, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({
      shown: JSON.stringify(line).slice(1, -1),
      argv: /^\[("|\])/.test(line) ? (JSON.parse(line) as readonly string[]) : line.split(" "),
    }));
}
