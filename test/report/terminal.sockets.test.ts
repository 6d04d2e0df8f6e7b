/** What lvsctl shows and asks on a real terminal. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { hasPty, onTerminal } from "../helpers/pty.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/run-process/${name}`, import.meta.url));
/** What listr2 may send: colours, and where the cursor goes; and the end of a line. */
const ALLOWED = /\u001b\[[0-9;]*[A-GJKm]|\u001b\[\?25[hl]|\r\n/g;

describe.skipIf(!hasPty)("the progress of a run on a terminal", () => {
  it.each([
    ["that knows its width", 100],
    ["that does not", 0],
  ])("%s shows nobody's text as commands", async (_name, columns) => {
    const { printed, status } = await onTerminal({ argv: [process.execPath, fixture("progress.mjs")], columns });
    expect(status).toBe(0);
    expect(printed).toMatch(/good\ufffd\]52;c;eA==\ufffd\ufffd2J\ufffd: 1 change/);
    expect(printed).toContain("bad");
    const text = printed.replaceAll(ALLOWED, "");
    expect(text).toMatch(/✔ good/);
    expect(text).not.toMatch(/✔ (roll back: )?director/); // It failed on a host.
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe.skipIf(!hasPty)("a question for a password on a terminal", () => {
  const asking = (keys: string) =>
    onTerminal({ argv: [process.execPath, fixture("ask.mjs")], text: "Password: ", keys, columns: 80 });

  it.each([
    ["what was typed", "se cret\r", '"se cret"'],
    ["an empty password, if only Enter was pressed", "\r", '""'],
    ["nothing at Ctrl-C", "\u0003", "LVS-CONNECT-022"],
    ["nothing at Ctrl-C after some letters", "secret\u0003", "LVS-CONNECT-022"],
    ["nothing at Ctrl-D", "\u0004", "LVS-CONNECT-022"],
  ])("gives %s, and echoes nothing", async (_what, keys, expected) => {
    const { printed, acted } = await asking(keys);
    expect(acted).toBe(true);
    expect(printed).toContain(`got ${expected}`);
    expect(printed.replace(/got .*/, "")).not.toContain("cret");
  });

  it("is shown on one line, without a command for the terminal", async () => {
    const { printed } = await asking("\r");
    expect(printed).toContain("a \ufffd]52;\ufffd\ufffd host");
    expect(printed).not.toMatch(/\u001b\]|\u202e/);
  });

  it("ends when the terminal is closed", async () => {
    const { acted, status } = await onTerminal({ argv: [process.execPath, fixture("ask.mjs")], text: "Password: " });
    expect({ acted, status }).toEqual({ acted: true, status: 130 });
  });
});

describe.skipIf(!hasPty)("lvsctl ends with its own exit code", () => {
  it.each([
    ["when its terminal is about to be closed", "interrupted", 130],
    ["when its terminal is gone, and nobody has told it", "alone", 7],
  ])("%s", async (_when, how, expected) => {
    const { acted, status } = await onTerminal({
      argv: [process.execPath, fixture("hang-up.mjs"), how],
      text: "Ready",
    });
    expect({ acted, status }).toEqual({ acted: true, status: expected });
  });
});
