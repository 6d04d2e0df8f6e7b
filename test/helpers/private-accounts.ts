/**
 * User accounts that only one process and its children see: a mount namespace in which /etc/passwd, /etc/shadow and
 * /etc/sudoers are the test's files. The machine's own accounts are not touched.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Account {
  readonly name: string;
  readonly password: string;
  readonly shell?: string;
  /** The files in the home folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

const FIRST_ID = 54_320;

/** Whether sudo and the tool for password hashes are installed. */
export const hasAccounts = ["/usr/bin/sudo", "/usr/bin/openssl", "/usr/bin/unshare"].every(existsSync);

/** Shell commands that replace the machine's accounts with these. `folder` must be accessible to all users. */
export function accountMounts(
  folder: string,
  accounts: readonly Account[],
  sudoers: readonly string[],
): readonly string[] {
  const passwd = accounts.map(({ name, shell }, index) => {
    const id = FIRST_ID + index;
    return `${name}:x:${id}:${id}::${join(folder, `home-${name}`)}:${shell ?? "/bin/bash"}`;
  });
  const shadow = accounts.map(({ name, password }) => {
    const hash = execFileSync("openssl", ["passwd", "-6", "-stdin"], { input: password, encoding: "utf8" }).trim();
    return `${name}:${hash}:19000:0:99999:7:::`;
  });
  for (const [index, { name, files }] of accounts.entries()) {
    const home = join(folder, `home-${name}`);
    mkdirSync(home, { mode: 0o755 });
    for (const [file, text] of Object.entries(files ?? {})) writeFileSync(join(home, file), text);
    execFileSync("chown", ["-R", `${FIRST_ID + index}:${FIRST_ID + index}`, home]);
  }
  write(folder, "passwd", `${readFileSync("/etc/passwd", "utf8")}${passwd.join("\n")}\n`, 0o644);
  write(folder, "shadow", `${readFileSync("/etc/shadow", "utf8")}${shadow.join("\n")}\n`, 0o600);
  write(folder, "sudoers", ["Defaults !syslog", "Defaults timestamp_timeout=0", ...sudoers, ""].join("\n"), 0o440);
  const mounts = ["passwd", "shadow", "sudoers"].map((name) => `mount --bind '${join(folder, name)}' /etc/${name}`);
  return [...mounts, "mount -t tmpfs none /var/lib/sudo"];
}

/** The start of a command line that runs the rest in a mount namespace, after these mount commands. */
export function withMounts(mounts: readonly string[]): readonly string[] {
  return ["unshare", "-m", "--propagation", "private", "sh", "-c", [...mounts, 'exec "$@"'].join(" && "), "sh"];
}

function write(folder: string, name: string, text: string, mode: number): void {
  writeFileSync(join(folder, name), text, { mode });
}
