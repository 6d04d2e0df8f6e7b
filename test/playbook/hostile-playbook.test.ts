/** Playbooks whose author means harm, or whose editor broke them: a problem with a place, quickly, and nothing else. */
import { describe, expect, test } from "vitest";
import { loadPlaybook } from "../../src/playbook/load-playbook.ts";
import type { Scope } from "../../src/playbook/playbook.ts";
import { drTopology } from "../helpers/dr-topology.ts";
import { everyNth } from "../helpers/long-run.ts";
import { fakeKinds } from "./fake-kinds.ts";

const head = "playbook: mine\nkind: mode\ntitle: Mine\nsummary: Made up.\nsteps:\n";

function withStep(properties: Readonly<Record<string, string>>): string {
  const defaults = { id: "one", on: "director", stage: "director-network", resource: "thing", with: "{ name: a }" };
  const lines = Object.entries({ ...defaults, why: "Because.", ...properties });
  return `${head}  - {${lines.map(([name, value]) => `${name}: ${value}`).join(", ")}}\n`;
}

const quoted = (text: string): string => JSON.stringify(text);
const inName = (expression: string): string => withStep({ with: `{ name: ${quoted(`\${{ ${expression} }}`)} }` });
const inWhen = (expression: string): string => withStep({ when: quoted(expression) });

const unreadable: Readonly<Record<string, string>> = {
  empty: "",
  "a scalar": "hello",
  "a list": "- a\n- b\n",
  "a NUL character": withStep({ why: '"a\0b"' }),
  "a control character": withStep({ why: '"a\x1bb"' }),
  "an escaped control character": withStep({ why: '"a\\x1b[31mb"' }),
  "__proto__ as a key": withStep({ with: "{ name: a, __proto__: { port: 80 } }" }),
  "constructor as a key": withStep({ with: "{ name: a, constructor: { prototype: { port: 80 } } }" }),
  "constructor as a resource": withStep({ resource: "constructor" }),
  "__proto__ as a resource": withStep({ resource: "__proto__" }),
  "toString as a role": withStep({ on: "toString" }),
  "constructor as a stage": withStep({ stage: "constructor" }),
  "hasOwnProperty as a followed step": withStep({
    resource: "shout",
    with: "{ words: a }",
    follows: "[hasOwnProperty]",
  }),
  "__proto__ as a repeated name": withStep({ repeat: "{ __proto__: service.realServers }" }),
  "an alias bomb": `a: &a [x, x, x, x, x, x, x, x, x]\n${["b", "c", "d", "e", "f", "g", "h", "i"]
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(", ")}]`)
    .join("\n")}\n`,
  "an alias of itself": "playbook: &a [*a]\n",
  "10 MB": `${head}# ${"x".repeat(10_000_000)}`,
  "deep nesting": `${head}${"[".repeat(10_000)}`,
  "deep values": withStep({ with: `{ name: ${"[".repeat(20)}${"]".repeat(20)} }` }),
  "far too many steps":
    head + "  - { id: a, on: director, stage: publish, resource: thing, with: { name: a }, why: b }\n".repeat(101),
  "the prototype of a value": inName("service.constructor"),
  "the prototype by index": inName('service["constructor"]'),
  "the prototype of a text": inName("service.name.constructor"),
  "a method of JavaScript": inName("service.name.replace('a', 'b')"),
  "a global of JavaScript": inName("process.env.HOME"),
  "a require": inName("require('child_process').execSync('id')"),
  "a template of a template": inName("'${{ service.name }}'"),
  "an assignment": inWhen("service.testPage = false"),
  "a regular expression that never ends": inWhen('"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")'),
  "doubling texts": inName("cel.bind(a, 'x', cel.bind(b, a + a, cel.bind(c, b + b, c + c)))"),
  "three loops": inWhen("topology.hosts.all(a, topology.hosts.all(b, topology.hosts.all(c, true)))"),
  "many parentheses": inWhen(`${"(".repeat(500)}true${")".repeat(500)}`),
  "many negations": inWhen(`${"!".repeat(1999)}true`),
  "many additions": inWhen(`${"1+".repeat(900)}1 == 1`),
  "a very long expression": inWhen(`service.testPage${" ".repeat(5000)}`),
  "many accesses": inWhen(`service${".name".repeat(300)}`),
  "a list of thousands": inWhen(`"a" in [${Array(300).fill('"a"').join(",")}]`),
  bytes: inName('b"abc"'),
  "a type": inName("type(1)"),
  "a timestamp": inName('timestamp("2026-01-01T00:00:00Z")'),
  "no end of an expression": withStep({ with: '{ name: "${{ ${{ ${{" }' }),
  "thousands of expressions without end": withStep({ with: `{ name: "${"${{ a ".repeat(170_000)}" }` }),
  "thousands of expressions in one text": withStep({ with: `{ name: "${"${{ a }}".repeat(100_000)}" }` }),
};

describe("a hostile playbook", () => {
  test.each(Object.entries(unreadable))("%s", (_, text) => {
    const { playbook, problems } = loadPlaybook(text, "mine.yaml", fakeKinds);
    expect(playbook).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    for (const { details } of problems) {
      expect(details.at?.line).toBeGreaterThan(0);
      expect(details.hint).toBeTypeOf("string");
    }
  });
});

describe("what only evaluation shows", () => {
  const [service] = drTopology.services;
  const host = drTopology.hosts.find(({ name }) => name === "dr");
  const scope = { topology: drTopology, service, host, director: service?.directors[0] } as Scope;

  const write = (text: string): unknown => {
    const { playbook, problems } = loadPlaybook(text, "mine.yaml", fakeKinds);
    expect(problems).toEqual([]);
    return playbook?.steps[0]?.write(scope);
  };

  test.each([
    'service["constr" + "uctor"]',
    'service["__pro" + "to__"]',
    'service.vip["to" + "String"]',
    '[1].map(x, {"a": "b"}).map(y, y["const" + "ructor"])[0]',
    'service.realServers[0]["hos" + "ts"]',
    "service.realServers[99].host",
    "service.name.substring(99)",
    'string(int("x"))',
    "string(service.port / 0)",
  ])("%s", (expression) => {
    expect(() => write(inName(expression))).toThrowError(
      expect.objectContaining({ code: "LVS-PLAYBOOK-005", name: "LvsctlError" }),
    );
  });

  /** `link` once for each of the `count` links of a chain. */
  const chain = (count: number, link: (variable: string) => string) =>
    Array.from({ length: count }, (_, index) => link(`v${index}`)).join("");
  const sum = (variable: string) => Array(10).fill(variable).join(" + ");
  const grown = (start: string, links: number) => start + chain(links, (v) => `.map(${v}, ${sum(v)})`);
  const nested = (links: number) => `[1]${chain(links, (v) => `.map(${v}, [${Array(10).fill(v).join(", ")}])`)}`;
  const long = (links: number) => grown("['x']", links);

  const endless: Readonly<Record<string, readonly [links: number, expression: (links: number) => string]>> = {
    "a list that grows": [12, (links) => `string(size(${grown("[[1]]", links)}))`],
    "a list that grows, in which others look for theirs": [
      5,
      (links) =>
        `string(size(${grown("[[1]]", links)}[0].filter(q, ${grown("[[1]]", links)}[0].exists(w, w == q + 1))))`,
    ],
    "a text that grows": [12, (links) => `string(size(${long(links)}[0]))`],
    "a text that is looked for in a text": [
      6,
      (links) => `string((${long(links)}[0] + 'y').contains('y' + ${long(links)}[0]))`,
    ],
    "lists of lists that are compared": [12, (links) => `string(${nested(links)} == ${nested(links)})`],
    "lists of lists in lists of lists": [12, (links) => `string(${nested(links)} in [${nested(links)}])`],
    "lists of lists of lists": [12, (links) => `string(size([${nested(links)}]))`],
    "a mistake that is not looked at": [12, (links) => `string(size(${grown("[[1]]", links)}) == 1 || true)`],
    "a mistake in each turn of a loop": [
      12,
      (links) => `string([1, 2].exists(one, size(${grown("[[1]]", links)}) < one))`,
    ],
  };
  const tooManySteps = expect.objectContaining({
    code: "LVS-PLAYBOOK-005",
    message: "The expression takes too many steps for a topology of this size.",
  });

  test.each(everyNth(Object.entries(endless), 2))("%s: ends", (_, [links, expression]) => {
    expect(() => write(inName(expression(links)))).toThrowError(tooManySteps);
    expect(write(inName(expression(2)))).toEqual([{ name: expect.any(String) }]);
  });

  test("the whole topology, over and over: ends", () => {
    const copies = (links: number) =>
      withStep({ with: `{ name: a, inner: '\${{ {"all": ${nested(links).replace("[1]", "[topology]")}} }}' }` });
    expect(() => write(copies(6))).toThrowError(tooManySteps);
    expect(() => write(copies(1))).toThrowError(expect.objectContaining({ code: "LVS-PLAYBOOK-006" }));
  });

  test("lists that lead to nothing: end", () => {
    const thousand = grown("[[1]]", 3);
    const step = (list: string) =>
      withStep({ repeat: `{ a: "${list}[0]", b: "${list}[0] + [1]", c: "[1].filter(c, c > 1)" }` });
    expect(() => write(step(thousand))).toThrowError(
      expect.objectContaining({
        code: "LVS-PLAYBOOK-008",
        message: "The step goes through more than 1000000 elements on one host.",
      }),
    );
    expect(write(step("[[1]]"))).toEqual([]);
  });

  test("a loop over a large topology is no mistake, however often it is asked", () => {
    const hosts = Array.from({ length: 5_000 }, (_, index) => ({ ...drTopology.hosts[0], name: `h${index}` }));
    const large = { ...scope, topology: { ...drTopology, hosts } } as Scope;
    const { playbook } = loadPlaybook(inWhen("topology.hosts.exists(h, h.name == 'h4999')"), "mine.yaml", fakeKinds);
    for (let times = 0; times < 100; times += 1) expect(playbook?.steps[0]?.write(large)).toHaveLength(1);
  });

  test("a hundred expressions in one text are written one after the other", () => {
    const all = "${{ service.name }}.".repeat(100);
    expect(write(withStep({ with: `{ name: "${all}" }` }))).toEqual([{ name: "web.".repeat(100) }]);
  });

  test("a map with a prototype is a map like any other", () => {
    const [written] = write(withStep({ with: `{ name: a, inner: '\${{ {"__proto__": 1, "timeout": 2} }}' }` })) as [
      { inner: object },
    ];
    expect(Object.getPrototypeOf(written.inner)).toBe(Object.prototype);
    expect(written.inner).toEqual({ timeout: 2 });
    expect({}).not.toHaveProperty("timeout");
  });

  test("what a shell would run is text like any other", () => {
    const [written] = write(withStep({ with: `{ name: "$(reboot) \`id\` ; \${{ service.name }} 'x' -rf" }` })) as [
      object,
    ];
    expect(written).toEqual({ name: "$(reboot) `id` ; web 'x' -rf" });
  });
});
