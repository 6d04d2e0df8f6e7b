/**
 * A real sshd on 127.0.0.1 with its own keys, user files and log, all in one temporary folder. It is ended by process id and
 * leaves nothing behind.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Account, accountMounts, withMounts } from "./private-accounts.ts";
import { childrenOf, kill } from "./process-tree.ts";

export interface SshdOptions {
  /** Lines for sshd_config; they come first, and sshd uses the first line of a kind. */
  readonly config?: readonly string[];
  /** The types of its host keys; default: ed25519. */
  readonly hostKeyTypes?: readonly ("ed25519" | "rsa" | "ecdsa")[];
  /** A port that another server has just released. */
  readonly port?: number;
  /** The files in root's home folder, by name: `.bashrc`. */
  readonly home?: Readonly<Record<string, string>>;
  /** Accounts that only this server sees. */
  readonly accounts?: readonly Account[];
  readonly sudoers?: readonly string[];
}

/** Whether this machine can run the tests: it has sshd, and we are root and may mount. */
export const hasSshd =
  existsSync("/usr/sbin/sshd") && process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;

export class LoopbackSshd {
  readonly folder: string;
  readonly port: number;
  private readonly child: ChildProcess;

  private constructor(folder: string, port: number, child: ChildProcess) {
    this.folder = folder;
    this.port = port;
    this.child = child;
  }

  /** Another program may take the port before sshd does; then it gets another one, unless `options` names it. */
  static async start(options: SshdOptions = {}): Promise<LoopbackSshd> {
    for (;;) {
      const sshd = await LoopbackSshd.begin(options);
      if (await sshd.listens()) return sshd;
      const log = existsSync(sshd.file("log")) ? sshd.log : "";
      await sshd.stop();
      if (options.port !== undefined || !log.includes("Address already in use")) {
        throw new Error(`sshd did not start:\n${log}`);
      }
    }
  }

  private static async begin(options: SshdOptions): Promise<LoopbackSshd> {
    const folder = mkdtempSync(join(tmpdir(), "lvsctl-sshd-"));
    const port = options.port ?? (await freePort());
    const hostKeys = (options.hostKeyTypes ?? ["ed25519"]).map((type) => makeKey(folder, `host_${type}`, type));
    makeKey(folder, "user_key", "ed25519");
    mkdirSync(join(folder, "home"));
    for (const [name, text] of Object.entries(options.home ?? {})) writeFileSync(join(folder, "home", name), text);
    writeFileSync(join(folder, "authorized_keys"), readFileSync(join(folder, "user_key.pub")), { mode: 0o644 });
    const config = [
      ...(options.config ?? []),
      `ListenAddress 127.0.0.1:${port}`,
      ...hostKeys.map((path) => `HostKey ${path}`),
      `AuthorizedKeysFile ${join(folder, "authorized_keys")}`,
      "PidFile none",
      "UsePAM no",
      "UseDNS no",
      "StrictModes no",
      "PermitRootLogin yes",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitUserRC no",
      // root's own start-up files are not part of a test.
      ...(options.accounts ? [] : [`SetEnv HOME=${join(folder, "home")}`]),
      "LogLevel DEBUG1",
      // Of this one, sshd uses the last line.
      ...(options.config?.some((line) => line.startsWith("MaxStartups")) ? [] : ["MaxStartups 100"]),
    ];
    writeFileSync(join(folder, "sshd_config"), `${config.join("\n")}\n`);
    if (options.accounts) chmodSync(folder, 0o755);
    const [program = "", ...args] = [
      // sshd wants an empty /run/sshd; this one is private to it.
      ...withMounts([
        "mount -t tmpfs none /run",
        "mkdir /run/sshd",
        ...(options.accounts ? accountMounts(folder, options.accounts, options.sudoers ?? []) : []),
      ]),
      ...["/usr/sbin/sshd", "-D", "-f", join(folder, "sshd_config"), "-E", join(folder, "log")],
    ];
    const child = spawn(program, args, {
      env: { PATH: process.env["PATH"] ?? "" },
      stdio: "ignore",
    });
    const sshd = new LoopbackSshd(folder, port, child);
    writeFileSync(sshd.knownHosts, sshd.knownHostsLines());
    return sshd;
  }

  /** The path of a file in the server's folder. */
  file(name: string): string {
    return join(this.folder, name);
  }

  get knownHosts(): string {
    return this.file("known_hosts");
  }

  /** Its public host keys as known_hosts lines. */
  knownHostsLines(name = `[127.0.0.1]:${this.port}`): string {
    const types = ["ed25519", "rsa", "ecdsa"].filter((type) => existsSync(this.file(`host_${type}.pub`)));
    return types.map((type) => `${name} ${readFileSync(this.file(`host_${type}.pub`), "utf8")}`).join("");
  }

  /** Authorizes another key. */
  authorize(publicKeyFile: string): void {
    const file = this.file("authorized_keys");
    writeFileSync(file, readFileSync(file, "utf8") + readFileSync(publicKeyFile, "utf8"));
  }

  /** Writes an ssh_config with one host, `target`, and returns its path. Lines in `more` come first. */
  sshConfig(more: readonly string[] = [], name = "ssh_config"): string {
    const lines = [
      "Host target",
      ...more.map((line) => `  ${line}`),
      "  HostName 127.0.0.1",
      `  Port ${this.port}`,
      "  User root",
      `  IdentityFile ${this.file("user_key")}`,
      `  UserKnownHostsFile ${this.knownHosts}`,
      "  GlobalKnownHostsFile /dev/null",
      "  IdentityAgent none",
    ];
    writeFileSync(this.file(name), `${lines.join("\n")}\n`);
    return this.file(name);
  }

  get log(): string {
    return readFileSync(this.file("log"), "utf8");
  }

  /** The process ids of the children that serve connections. */
  sessions(): readonly number[] {
    const { pid } = this.child;
    return pid === undefined ? [] : childrenOf(pid);
  }

  async stop(): Promise<void> {
    for (const pid of this.sessions()) kill(pid, "SIGKILL");
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Waits until it listens, by its own word, because somebody else may listen there; false if it has ended. */
  private async listens(): Promise<boolean> {
    while (this.child.exitCode === null && this.child.signalCode === null) {
      if (existsSync(this.file("log")) && this.log.includes("Server listening on")) return true;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return false;
  }
}

/** Makes a key pair with ssh-keygen and returns the private key's path. */
export function makeKey(folder: string, name: string, type: "ed25519" | "rsa" | "ecdsa", passphrase = ""): string {
  const path = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", name, "-f", path]);
  return path;
}

/** A TCP port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
