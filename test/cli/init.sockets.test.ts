/** `lvsctl init` as somebody at a terminal meets it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasPty, onTerminal } from "../helpers/pty.ts";

const program = fileURLToPath(new URL("../../bin/lvsctl.js", import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-init-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasPty)("on a terminal", () => {
  it("it asks, refuses what is wrong, and drops what was typed before a question", async () => {
    const file = join(folder, "topology.yaml");
    const dialogue = [
      ["Mode", "dr\r\r\r"],
      ["where clients come in", "10.1.0.2\r"],
      ["where clients come in", "10.1.0.2/24\r"],
      ["Real server 1", "10.1.0.11/24\r"],
      ["Real server 2", "\r"],
      ["VIP", "10.1.0.100/24\r"],
      ["VIP", "10.1.0.100\r"],
      ["Port", "\r"],
      ["Client", "10.1.0.50/24\r"],
      ["Gateway", "\r"],
    ] as const;
    const argv = [process.execPath, program, "init", "--output", file];
    const { printed, status } = await onTerminal({ argv, columns: 80, dialogue });
    expect(printed).toContain("10.1.0.2 has no prefix length.");
    expect(printed.replaceAll(/\s+/g, " ")).toContain("10.1.0.100/24 has a prefix length, and none belongs here.");
    expect(printed).toContain("client eth0 → lb eth0");
    expect(status).toBe(0);
    const text = readFileSync(file, "utf8");
    for (const part of ["mode: dr", "eth0: 10.1.0.2/24", "eth0: 10.1.0.11/24", "vip: 10.1.0.100 "]) {
      expect(text).toContain(part);
    }
  });

  it("Ctrl-C ends it with 130, and nothing is written", async () => {
    const file = join(folder, "none.yaml");
    const argv = [process.execPath, program, "init", "dr", "--output", file];
    const { printed, status } = await onTerminal({ argv, columns: 80, dialogue: [["where clients", "10.0\u0003"]] });
    expect(printed).toContain("nothing has been written");
    expect(status).toBe(130);
    expect(existsSync(file)).toBe(false);
  });
});
