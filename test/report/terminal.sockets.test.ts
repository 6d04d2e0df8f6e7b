/** What lvsctl shows and asks on a real terminal. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { hasPty, onTerminal } from "../helpers/pty.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/run-process/${name}`, import.meta.url));
/** What listr2 may send: colours, and where the cursor goes; and the end of a line. */
const ALLOWED = /\u001b\[[0-9;]*[A-GJKm]|\u001b\[\?25[hl]|\r\n/g;

describe.skipIf(!hasPty)("the progress of a run on a terminal", () => {
  it.each([
    ["that knows its width", 100, {}],
    ["that does not", 0, {}],
    ["of a CI", 100, { CI: "true" }],
  ])("%s shows nobody's text as commands", async (_name, columns, env) => {
    const { printed, status } = await onTerminal({ argv: [process.execPath, fixture("progress.mjs")], columns, env });
    expect(status).toBe(0);
    expect(printed).toMatch(/good\ufffd\]52;c;eA==\ufffd\ufffd2J\ufffd: 1 change/);
    expect(printed).toContain("bad");
    const text = printed.replaceAll(ALLOWED, "");
    expect(text).toMatch(/✔ good/);
    expect(text).not.toMatch(/✔ (roll back: )?director/); // It failed on a host.
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

/** The lines as they are left when all is over. */
function left(printed: string): readonly string[] {
  const lines = printed.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "").split("\r\n");
  return lines.map((line) => line.trim());
}

describe.skipIf(!hasPty)("Ctrl-C in the list of stages", () => {
  const running = (dialogue: readonly (readonly [string, string])[]) =>
    onTerminal({
      argv: [process.execPath, fixture("interrupted.mjs")],
      columns: 100,
      dialogue,
    });
  it("is acknowledged before the stage ends, and the stages that were not begun keep their titles", async () => {
    // The stage ends only at the Enter that follows the acknowledgement.
    const { printed, status, acted } = await running([
      ["rs1: 1 change", "\u0003"],
      ["Interrupted: finishing the stage, then rolling back", "\r"],
    ]);
    expect({ status, acted }).toEqual({ status: 130, acted: true });
    const lines = left(printed);
    expect(lines).toContain("✔ hosts: base network");
    expect(lines).toContain("↓ director: virtual services: not begun");
    expect(lines).toContain("↓ hosts: packet filters, publication: not begun");
    expect(lines).toContain("✔ roll back: hosts: base network");
  });

  it("a second time leaves at once, with the reason", async () => {
    const { printed, status, acted } = await running([
      ["rs1: 1 change", "\u0003"],
      ["Interrupted: finishing the stage", "\u0003"],
    ]);
    expect({ status, acted }).toEqual({ status: 130, acted: true });
    expect(printed).toContain("Leaving it to the hosts");
    expect(left(printed)).not.toContain("✔ hosts: base network");
  });

  it("never pressed: nothing is said of an interrupt, and every stage gets its tick", async () => {
    const { printed, status } = await running([["rs1: 1 change", "\r"]]);
    expect(status).toBe(0);
    expect(printed).not.toContain("Interrupted");
    expect(left(printed)).toContain("✔ hosts: packet filters, publication");
  });
});

describe.skipIf(!hasPty)("what a run waits for", () => {
  it("stands in the list while it is drawn", async () => {
    const { acted, printed } = await onTerminal({
      argv: [process.execPath, fixture("interrupted.mjs"), "locking"],
      columns: 100,
      dialogue: [
        ["hosts: base network (locking 3 hosts)", "\r"],
        ["rs1: 1 change", "\r"],
      ],
    });
    expect(acted).toBe(true);
    // What comes after the last stage is not said of a stage.
    const ticked = left(printed).filter((line) => line.startsWith("✔"));
    expect(ticked.slice(-3)).toEqual([
      "✔ hosts: base network",
      "✔ director: virtual services",
      "✔ hosts: packet filters, publication",
    ]);
  });
});

describe.skipIf(!hasPty)("a question of yes or no on a terminal", () => {
  const asked = (...dialogue: readonly (readonly [string, string])[]) =>
    onTerminal({ argv: [process.execPath, fixture("ask-yes.mjs")], columns: 80, dialogue });

  it("drops what was typed before it, and takes what is typed after it", async () => {
    const no = await asked(["Type now.", "y\r"], ["[y/N]", "\r"]);
    expect(no.printed).toContain("got false");
    const yes = await asked(["Type now.", "n\r"], ["[y/N]", "y\r"]);
    expect(yes.printed).toContain("got true");
  });

  it("comes when what was being waited for is gone from the screen", async () => {
    const { printed } = await asked(["Type now.", "\r"], ["[y/N]", "\r"]);
    expect(printed).toContain("waiting for web3");
    const after = printed.slice(printed.lastIndexOf("waiting for web3"));
    expect(after).toMatch(/^waiting for web3(\u001b\[\d+m)?[\r\n]*\r\u001b\[K/);
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
