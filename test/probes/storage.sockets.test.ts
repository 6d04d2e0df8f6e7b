/** Folders in memory and on a disk, told apart by the tools of each kind of host. */
import { mkdtempSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseStorage, readStorage } from "../../src/probes/storage.ts";
import { formatReadScript, parseReadOutput } from "../../src/shell/read-script.ts";
import { readOnly } from "../../src/transport/guard.ts";
import { type ThrowAwayHost, type Tools, throwAwayHost } from "../resources/throw-away-host.ts";

const NONCE = "storage0nonce";

/**
 * `hidden`: what takes what is written is where nobody can see it, as in a container or a lab. `stale`: there is something else by now
 * at its path, on a disk.
 */
const SET_UP = (disk: string) => `set -e
overlay() { mkdir -p "$2/new" "$2/work"; mount -t overlay -o "lowerdir=/srv/lower,upperdir=$2/new,workdir=$2/work" overlay "$1"; }
mount -t tmpfs none /srv
cd /srv
mkdir lower tmpfs ramfs disk linked upper-in-memory upper-on-disk hidden stale "with blank" place
mount -t tmpfs none tmpfs
mount -t ramfs none ramfs
mkdir ${disk}/plain
mount --bind ${disk}/plain disk
mkdir tmpfs/in
rmdir linked; ln -s tmpfs/in linked
overlay upper-in-memory /srv/lower-a
overlay upper-on-disk ${disk}
overlay "with blank" "/srv/lower-a/b lank"
mount -t tmpfs none place
overlay hidden /srv/place
umount -l place
mkdir ${disk}/stale
mount -t tmpfs none ${disk}/stale
overlay stale ${disk}/stale
umount -l ${disk}/stale; mkdir ${disk}/stale/new`;

describe.each<Tools>(["gnu", "busybox"])("by %s", (tools) => {
  let host: ThrowAwayHost;
  let disk: string;
  beforeAll(async () => {
    disk = mkdtempSync("/var/tmp/lvsctl-test-");
    host = await throwAwayHost(tools);
    expect(await host.run(SET_UP(disk))).toMatchObject({ status: 0, stderr: "" });
  });
  afterAll(async () => {
    await host.end();
    rmSync(disk, { recursive: true });
  });

  const ask = async (folders: readonly string[]) => {
    const transport = readOnly({
      host: "h",
      execs: 0,
      read: async (commands) => {
        const { stdout, stderr } = await host.run(formatReadScript(commands, NONCE));
        return parseReadOutput(stdout, stderr, NONCE) ?? new Map();
      },
      run: () => Promise.reject(new Error("only reads")),
      close: async () => undefined,
    });
    return parseStorage(await transport.read([readStorage("storage", folders)]), "storage");
  };

  test.each([
    ["tmpfs", "tmpfs"],
    ["ramfs", "ramfs"],
    ["linked", "tmpfs"],
    ["upper-in-memory", "overlay on tmpfs"],
    ["disk", undefined],
    ["upper-on-disk", undefined],
    ["hidden", undefined],
    ["stale", undefined],
    ["with blank", undefined],
  ])("%s: %s", async (folder, memory) => {
    expect([...(await ask([`/srv/${folder}`]))]).toEqual([[`/srv/${folder}`, memory]]);
  });

  test("several at once, without those that are not there", async () => {
    expect([...(await ask(["/srv/upper-in-memory", "/srv/none", "/srv/disk", "/srv/tmpfs"]))]).toEqual([
      ["/srv/upper-in-memory", "overlay on tmpfs"],
      ["/srv/disk", undefined],
      ["/srv/tmpfs", "tmpfs"],
    ]);
  });
});
