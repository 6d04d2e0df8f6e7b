/** Whether iptables-restore is told to wait for the lock: only where it knows how. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { restoreScript } from "../../../src/resources/iptables/backend.ts";
import { runProcess } from "../../../src/transport/process.ts";

/**
 * Like iptables-restore of 1.4.21 as it was released: -w is no option of its own, and another word names a file to load.
 * Source: iptables/iptables-restore.c of iptables 1.4.19.1 to 1.4.21.
 */
const OLD = `#!/bin/sh
case $1 in --help) echo 'Usage: iptables-restore [-b] [-c] [-v] [-t] [-h]' >&2; exit 1 ;; esac
for word; do case $word in -*) ;; *) echo "Can't open $word: No such file or directory" >&2; exit 1 ;; esac; done
cat
`;
/** Its help as iptables 1.8.9 (legacy) prints it, and what it was given. */
const NEW = `#!/bin/sh
case $1 in --help) printf 'Usage: iptables-restore [-w secs]\\n\\t   [ --wait=<seconds>\\n' >&2; exit 1 ;; esac
echo "$@"
cat
`;

describe("rules are loaded where no table has told the version", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lvsctl-wait-"));
    writeFileSync(join(folder, "iptables-restore"), OLD, { mode: 0o755 });
    writeFileSync(join(folder, "ip6tables-restore"), NEW, { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const load = (restore: string, hasWait: boolean) =>
    runProcess(["sh", "-ec", restoreScript({ restore, hasWait, tables: new Map() }, ["*nat", "COMMIT"])], {
      env: { PATH: `${folder}:${process.env["PATH"]}` },
    });

  test("by an old iptables-restore, which would fail if it were told to wait", async () => {
    expect(await load("iptables-restore", false)).toMatchObject({ stdout: "*nat\nCOMMIT\n", status: 0 });
    expect(await load("iptables-restore", true)).toMatchObject({ status: 1, stderr: expect.stringContaining("10") });
  });

  test("by a newer one, which is told to", async () => {
    expect((await load("ip6tables-restore", false)).stdout).toBe("-w 10 --noflush\n*nat\nCOMMIT\n");
  });
});
