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
    expect(printed.replaceAll(ALLOWED, "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
