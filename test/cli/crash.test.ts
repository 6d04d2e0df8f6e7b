/** What lvsctl says of a mistake of its own, once somebody has typed a password. */
import { PassThrough } from "node:stream";
import { afterEach, expect, it, vi } from "vitest";
import { isFamily } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { main } from "../../src/cli/main.ts";

const PASSWORD = 'correct "horse" battery';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is printed when a command asks for a password, gets this one, and then throws what `mistake` makes of it. */
async function crash(mistake: (password: string) => unknown): Promise<string> {
  const stdin = new PassThrough();
  vi.spyOn(process, "stdin", "get").mockReturnValue(stdin as never);
  let printed = "";
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text: unknown, ...others: readonly unknown[]) => {
      printed += text;
      if (text === "Password: ") setImmediate(() => stdin.write(`${PASSWORD}\n`));
      for (const written of others) if (typeof written === "function") written();
      return true;
    });
  const validate = commands.find((entry) => entry.name === "validate");
  if (validate === undefined || isFamily(validate)) throw new Error("there is no command validate");
  vi.spyOn(validate, "run").mockImplementation(async (_given, { askSecret }) => {
    throw mistake(await askSecret("Password: "));
  });
  expect(await main(["validate", "topology.yaml"])).toBe(1);
  expect(printed).toContain("Internal error: this is a bug in lvsctl. Please report it with the output below.\n");
  return printed;
}

it.each<[string, (password: string) => unknown]>([
  ["in its message", (password) => new TypeError(`cannot send ${password}`)],
  ["in its message, as JSON", (password) => new TypeError(`cannot send ${JSON.stringify({ password })}`)],
  ["in what is no Error", (password) => `cannot send ${password}`],
])("a crash shows no password that was typed: %s", async (_where, mistake) => {
  const printed = await crash(mistake);
  expect(printed).toContain("cannot send");
  expect(printed).toContain("[typed secret]");
  expect(printed).not.toMatch(/horse/);
});

it.each<[string, (password: string) => unknown]>([
  ["its properties", (password) => Object.assign(new TypeError("cannot send"), { password, options: { password } })],
  ["its cause", (password) => new TypeError("cannot send", { cause: new Error(password) })],
])("a crash shows none of %s", async (_where, mistake) => {
  const printed = await crash(mistake);
  expect(printed).toContain("TypeError: cannot send\n    at ");
  expect(printed).not.toMatch(/horse/);
});
