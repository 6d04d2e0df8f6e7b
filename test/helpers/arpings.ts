/**
 * Both programs called arping: one is on this machine, the other one's Debian package is fetched once and kept unpacked in
 * node_modules/.cache. The two packages conflict, so it is not installed.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
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
  const { program, names } = PACKAGES[arping];
  mkdirSync(CACHE, { recursive: true });
  // Several test files may want it at the same time: the first one fetches it.
  execFileSync("flock", [join(CACHE, ".lock"), "sh", "-euc", FETCH, "sh", kept, program, ...names], { stdio: "pipe" });
  return join(kept, "arping");
}

/** Unpacks packages into a folder, unless it exists. Parameters: the folder, the program's path in its package, the packages. */
const FETCH = `
kept=$1 program=$2
shift 2
test ! -e "$kept" || exit 0
folder=$(mktemp -d "$kept.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fetch() { apt-get -q -o APT::Sandbox::User=root download "$@"; }
fetch "$@" || { apt-get -q update; fetch "$@"; } # A fresh machine has no package lists yet.
for package in *.deb; do dpkg-deb --extract "$package" .; rm "$package"; done
cat >arping <<END
#!/bin/sh
LD_LIBRARY_PATH=\\$(echo $kept/usr/lib/*-linux-gnu*) exec $kept/$program "\\$@"
END
chmod 755 arping
mv -T "$folder" "$kept"
`;
