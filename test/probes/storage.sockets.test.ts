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

/** As host.sh makes a lab's host without an init: a chroot in an overlay that is in memory, and survives the host's restarts. */
const LAB_HOST = `set -e
mount -t tmpfs -o mode=755 tmpfs /tmp
cd /tmp
mkdir -p hosts/dr/root hosts/dr/work hosts/dr/upper/etc hosts/dr/tmp hosts/dr/run
mount -t overlay -o lowerdir=/,upperdir=/tmp/hosts/dr/upper,workdir=/tmp/hosts/dr/work overlay hosts/dr/root
mount -t proc proc hosts/dr/root/proc
mount --bind /dev hosts/dr/root/dev
mount --bind hosts/dr/run hosts/dr/root/run
mount --bind hosts/dr/tmp hosts/dr/root/tmp
touch hosts/dr/root/etc/made-there
ls hosts/dr/upper/etc`;

test("a lab's host is not in memory as it sees it, and what is mounted over its folders is", async () => {
  const host = await throwAwayHost();
  expect(await host.run(LAB_HOST)).toMatchObject({ status: 0, stderr: "", stdout: "made-there\n" });
  const there = async () => {
    const script = formatReadScript([readStorage("storage", ["/etc", "/var/lib", "/run"])], NONCE);
    const { stdout, stderr } = await host.run(`chroot /tmp/hosts/dr/root sh -s <<'END'\n${script}\nEND`);
    return [...parseStorage(parseReadOutput(stdout, stderr, NONCE) ?? new Map(), "storage")];
  };
  expect(await there()).toEqual([
    ["/etc", undefined],
    ["/var/lib", undefined],
    ["/run", "tmpfs"],
  ]);
  await host.run("mount -t tmpfs none /tmp/hosts/dr/root/var/lib");
  expect(await there()).toContainEqual(["/var/lib", "tmpfs"]);
  await host.end();
});
