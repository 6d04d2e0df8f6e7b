import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { loadTopology } from "../helpers/load-topology.ts";
import { isLongRun, randomCases, shareOf } from "../helpers/long-run.ts";

/** A good topology; each case spoils one thing in it. */
const good = readFileSync(new URL("../fixtures/hostile/good.yaml", import.meta.url), "utf8");

function spoiled(good: string, from: string, to: string): string {
  if (!good.includes(from)) throw new Error(`the good topology has no ${from}`);
  return good.replace(from, () => to);
}

/** Values that would do harm in a shell, or that are nothing sensible. */
const strings = {
  "a command substitution": "$(reboot)",
  backticks: "`reboot`",
  "a single quote": "a'b",
  "a double quote": 'a"b',
  "a line break": "a\nb",
  "a leading dash": "-rf",
  "a space": "a b",
  "a semicolon": "a;b",
  "a parent folder": "../../etc/passwd",
  "a wildcard": "*",
  nothing: "",
  "a null character": "a\0b",
  "an escape character": "a\x1b[31mb",
  "a line separator": "a\u2028b",
  "a wide letter": "ａ",
  "ten thousand letters": "a".repeat(10_000),
};

/** Where a text stands that reaches a command line, a file name or a file; `%` is the place of the value. */
const places: Readonly<Record<string, readonly [from: string, to: string]>> = {
  "the topology's name": ["name: lab", "name: %"],
  "a host's name": ["  rs2:", "  %:"],
  "a service's name": ["  web:", "  %:"],
  "a segment's name": ["  sw1:", "  %:"],
  "an interface's name": ["{ eth0: 172.16.20.20/24 }", "{ %: 172.16.20.20/24 }"],
  "an interface's address": ["172.16.20.20/24", "%"],
  "a gateway": ["gateway: 172.16.20.1", "gateway: %"],
  "a route's destination": ["to: 192.0.2.0/24", "to: %"],
  "a route's next hop": ["via: 10.0.2.1", "via: %"],
  "a sysctl's name": ["net.core.somaxconn:", "%:"],
  "an SSH destination": ["ssh: fw.example.net", "ssh: %"],
  "an SSH user": ["user: ops", "user: %"],
  "a jump host": ["jump: bastion", "jump: %"],
  "a virtual address": ["vip: 172.16.10.10", "vip: %"],
  "a scheduler": ["scheduler: rr", "scheduler: %"],
  "a public address": ["address: 10.0.2.1", "address: %"],
  "a public host": ["on: fw", "on: %"],
  "a mode": ["mode: dr", "mode: %"],
  "one of several virtual addresses": ["172.16.10.12", "%"],
  "one of several ports": ["9000-9099", "%"],
  "one of several public addresses": ["10.0.2.2]", "%]"],
  "a real server's mode": ["mode: tun", "mode: %"],
};

const wrongTypes = [
  "null",
  "true",
  "[]",
  "{}",
  "-1",
  "1.5",
  "1e400",
  ".nan",
  "99999999999999999999",
  "[[[[]]]]",
  "{ a: { b: 1 } }",
];

/** Of a kind of thing in a large file. What grows with its square takes minutes, or all memory. */
const MANY = isLongRun ? 800 : 500;

const wholeFiles: Readonly<Record<string, string>> = {
  "an empty file": "",
  "only a comment": "# nothing\n",
  "a scalar": "topology",
  "a number": "42",
  "a list": "- a\n- b\n",
  "only dashes": "---\n---\n",
  "a null": "~\n",
  "UTF-16": Buffer.from(`\ufeff${good}`, "utf16le").toString("utf8"),
  "Latin-1": Buffer.from("name: \xe9", "latin1").toString("utf8"),
  "10 MB": good + "# filler\n".repeat(1_200_000),
  "tabs for indentation": good.replaceAll("  ", "\t"),
  "a Mac's line ends": good.replaceAll("\n", "\r"),
  "a shell script": "#!/bin/sh\nset -e\nrm -rf /\n",
  HTML: "<!DOCTYPE html><html><body>404</body></html>",
  JSON: '{"version": 1, "name": "lab"}',
  "an open bracket": `${good}\nx-y: [`,
  "an open quote": `${good}\nx-y: "`,
  "a hundred thousand brackets": "[".repeat(100_000),
  "a hundred thousand closed brackets": "[".repeat(100_000) + "]".repeat(100_000),
  "deep indentation": Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
  "an alias of itself": `${good}\nx-y: &y { z: *y }`,
  "an alias of nothing": `${good}\nx-y: *nothing`,
  "a bomb of aliases": [
    "x-0: &x0 [a]",
    ...Array.from({ length: 20 }, (_, n) => `x-${n + 1}: &x${n + 1} [${Array(10).fill(`*x${n}`).join(", ")}]`),
  ].join("\n"),
  "a bomb of merges": [
    good,
    "x-0: &x0 { a: [1, 2, 3, 4, 5, 6, 7, 8] }",
    ...Array.from({ length: 30 }, (_, n) => `x-${n + 1}: &x${n + 1} { a: *x${n}, b: *x${n}, c: *x${n} }`),
  ].join("\n"),
  "a tag that makes objects": `${good}\nx-y: !!js/function 'function () {}'`,
  "a binary": `${good}\nx-y: !!binary aGVsbG8=`,
  "a map as key": `${good}\n? { a: 1 }\n: b`,
  "the prototype as key": `${good}\n__proto__: { polluted: true }`,
  "a constructor as key": `${good}\nconstructor: { prototype: { polluted: true } }`,
  "the prototype as host": spoiled(good, "  rs2:", "  __proto__:"),
  "a method as role": spoiled(good, "role: client", "role: toString"),
  "eight thousand unknown keys": Array.from({ length: 8000 }, (_, n) => `k${n}: 1`).join("\n"),
  "ten thousand equal keys": "a: 1\n".repeat(10_000),
  "ten thousand unknown hosts": spoiled(
    good,
    "port: 80",
    `port: 80\n    realServers: [${Array.from({ length: 10_000 }, (_, n) => `unknown-${n}`).join(", ")}]`,
  ),
  "a service on every host, times thousands": manyByMany(MANY, MANY),
  "as many clients as real servers": clientsByRealServers(isLongRun ? 200 : 60),
};

function manyByMany(hosts: number, services: number): string {
  const rs = Array.from(
    { length: hosts },
    (_, n) => `  h${n}: { role: real-server, interfaces: { e: 10.1.${n >> 7}.${(n & 127) + 1}/16 } }`,
  );
  const all = Array.from({ length: services }, (_, n) => `  s${n}: { mode: dr, vip: 10.1.255.1, port: ${n + 1} }`);
  return [
    "version: 1",
    "name: many",
    "hosts:",
    "  d: { role: director, interfaces: { e: 10.1.254.1/16 } }",
    ...rs,
    "services:",
    ...all,
  ].join("\n");
}

function clientsByRealServers(count: number): string {
  const hosts = Array.from({ length: count }, (_, n) => [
    `  h${n}: { role: real-server, interfaces: { e: 10.1.${n >> 7}.${(n & 127) + 1}/16 } }`,
    `  c${n}: { role: client, interfaces: { e: 10.2.${n >> 7}.${(n & 127) + 1}/32 } }`,
  ]);
  const services = Array.from({ length: 20 }, (_, n) => `  s${n}: { mode: nat, vip: 10.1.255.1, port: ${n + 1} }`);
  return [
    "version: 1",
    "name: many",
    "hosts:",
    "  d: { role: director, interfaces: { e: 10.1.254.1/16 } }",
    ...hosts.flat(),
    "services:",
    ...services,
  ].join("\n");
}

function expectRefused(text: string): void {
  const { topology, problems } = loadTopology(text, "hostile.yaml");
  expect(topology).toBeUndefined();
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) {
    expect(problem).toBeInstanceOf(LvsctlError);
    expect(problem.details.at?.line).toBeGreaterThan(0);
    expect(problem.details.hint).toMatch(/\S/);
    expect(problem.message).not.toMatch(/[\0-\x1f\x7f]/);
    expect(problem.message.length).toBeLessThan(2000);
  }
  expect(Reflect.get({}, "polluted")).toBeUndefined();
}

it("the topology that is spoiled below is good", () => {
  expect(loadTopology(good, "good.yaml").problems).toEqual([]);
});

/** A path is a mode, and SSH settings may be empty. */
const legal = new Set(["../../etc/passwd mode: %", "{} ssh: %"]);
const isKey = (to: string) => to.includes("%:");

/** Of the places where a value can stand, in a short run one of three; the value after it has the next ones. */
function placesFor(values: readonly string[], value: string) {
  const turns = [0, 1, 2];
  const all = Object.entries(places).filter(([, [, to]]) => !legal.has(`${value} ${to}`));
  return shareOf(all, values.indexOf(value) % turns.length, turns);
}

describe.each(Object.entries(strings))("%s", (_, value) => {
  it.each(placesFor(Object.values(strings), value))("is refused as %s", (_name, [from, to]) => {
    expectRefused(
      spoiled(
        good,
        from,
        to.replace("%", () => JSON.stringify(value)),
      ),
    );
  });
});

describe.each(wrongTypes)("%s", (value) => {
  it.each(placesFor(wrongTypes, value).filter(([, [, to]]) => !isKey(to)))("is refused as %s", (_name, [from, to]) => {
    const text = spoiled(
      good,
      from,
      to.replace("%", () => value),
    );
    expectRefused(text);
  });
});

describe("addresses", () => {
  const addresses = [
    "010.0.0.1",
    "10.1",
    "0x0a000001",
    "167772161",
    "10.0.0.256",
    "10.0.0.1.1",
    "::1%eth0",
    ":::",
    "1::2::3",
    "localhost",
    "10.0.0.1 ",
  ];

  it.each(addresses)("%s is refused as a virtual address and a gateway", (address) => {
    expectRefused(spoiled(good, "vip: 172.16.10.10", `vip: "${address}"`));
    expectRefused(spoiled(good, "gateway: 172.16.20.1", `gateway: "${address}"`));
  });

  it.each([
    "172.16.20.20",
    "172.16.20.20/33",
    "172.16.20.20/-1",
    "172.16.20.20/024",
    "172.16.20.20/255.255.255.0",
    "2001:db8::1/129",
  ])("%s is refused on an interface", (address) => expectRefused(spoiled(good, "172.16.20.20/24", `"${address}"`)));
});

describe("whole files", () => {
  it.each(Object.keys(wholeFiles))("%s is refused", (name) => expectRefused(wholeFiles[name] ?? ""));
});

describe("any mutilation of a good file", () => {
  const pieces = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom(
      "- ",
      ": ",
      "{",
      "}",
      "[",
      "]",
      "&a ",
      "*a",
      "<<: *a\n",
      "|\n",
      "'",
      '"',
      "\n",
      "  ",
      "!!x ",
      "? ",
      "#",
    ),
  );
  const mutilation = fc.tuple(fc.nat(good.length), fc.nat(20), pieces);

  it("gives a topology or problems with their places, and throws nothing", () => {
    fc.assert(
      fc.property(fc.array(mutilation, { minLength: 1, maxLength: 4 }), (mutilations) => {
        const text = mutilations.reduce(
          (now, [at, cut, piece]) => now.slice(0, at) + piece + now.slice(at + cut),
          good,
        );
        const { topology, problems } = loadTopology(text, "hostile.yaml");
        expect(problems.length > 0).toBe(topology === undefined);
        for (const { details, message } of problems) {
          expect(message).not.toBe("");
          expect(details.at?.text?.includes("\n")).not.toBe(true);
          expect(details.at?.line).toBeLessThanOrEqual(text.split("\n").length);
        }
      }),
      { numRuns: randomCases(1000) },
    );
  });
});

describe("what is legal although it looks hostile", () => {
  it.each(["$(reboot)", "`id` ", "a'b\"c", "-j ACCEPT; #", "%n\\x00"])("a log prefix of %j stays as it is", (log) => {
    const { topology, problems } = loadTopology(
      spoiled(good, "port: 80", `port: 80\n    log: ${JSON.stringify(log)}`),
      "f.yaml",
    );
    expect(problems).toEqual([]);
    expect(topology?.services[0]?.log).toBe(log);
  });

  it.each(["$(reboot)", "|/bin/sh %e", "-1 'x'"])("a kernel setting of %j stays as it is", (value) => {
    const { topology } = loadTopology(
      spoiled(good, "somaxconn: 4096", `somaxconn: ${JSON.stringify(value)}`),
      "f.yaml",
    );
    expect(topology?.hosts.flatMap(({ sysctls }) => sysctls)).toEqual([{ key: "net.core.somaxconn", value }]);
  });

  it("a key file's path with spaces and quotes stays as it is", () => {
    const { topology } = loadTopology(
      spoiled(good, "user: ops", `user: ops, identityFile: "~/my 'keys'/$(id)"`),
      "f.yaml",
    );
    expect(topology?.hosts[0]?.ssh.identityFile).toBe("~/my 'keys'/$(id)");
  });

  it.each(["constructor", "tostring", "valueof"])("a host may be called %s", (name) => {
    const { topology, problems } = loadTopology(spoiled(good, "  rs2:", `  ${name}:`), "f.yaml");
    expect(problems).toEqual([]);
    expect(topology?.services[0]?.realServers.map(({ host }) => host)).toEqual(["rs1", name]);
  });

  it("a byte order mark and CR LF change nothing", () => {
    const { topology, problems } = loadTopology(good, "f.yaml");
    const marked = loadTopology(`\ufeff${good.replaceAll("\n", "\r\n")}`, "f.yaml");
    expect({ topology: marked.topology, problems: marked.problems }).toEqual({ topology, problems });
  });
});
