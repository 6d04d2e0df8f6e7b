/**
 * Both programs called arping: one is on this machine, the other one's Debian package is fetched once and kept unpacked in
 * node_modules/.cache. The two packages conflict, so it is not installed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const arpings = ["iputils", "Habets"] as const;
export type Arping = (typeof arpings)[number];

/** The program's path in its package, and the packages to unpack; the second is a library that the first needs. */
const PACKAGES: Readonly<Record<Arping, { readonly program: string; readonly names: readonly string[] }>> = {
  iputils: { program: "usr/bin/arping", names: ["iputils-arping"] },
  Habets: { program: "usr/sbin/arping", names: ["arping", "libnet1"] },
};
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/lvsctl-arping/", import.meta.url));

/** The path of this arping. Throws if its package is neither here nor available through apt-get. */
export function arpingProgram(arping: Arping): string {
  const kept = join(CACHE, arping);
  if (!existsSync(kept)) fetchInto(kept, PACKAGES[arping]);
  return join(kept, "arping");
}

function fetchInto(kept: string, { program, names }: { readonly program: string; readonly names: readonly string[] }) {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, ","));
  try {
    const fetch = () => execFileSync("apt-get", ["-q", "-o", "APT::Sandbox::User=root", "download", ...names], inside);
    const inside = { cwd: folder, stdio: "pipe" } as const;
    try {
      fetch();
    } catch {
      execFileSync("apt-get", ["-q", "update"], inside); // A fresh machine has no package lists yet.
      fetch();
    }
    execFileSync("sh", ["-c", "for package in *.deb; do dpkg-deb --extract $package .; rm $package; done"], inside);
    const text = `#!/bin/sh\nLD_LIBRARY_PATH=$(echo ${kept}/usr/lib/*-linux-gnu*) exec ${kept}/${program} "$@"\n`;
    writeFileSync(join(folder, "arping"), text, { mode: 0o755 });
    renameSync(folder, kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
