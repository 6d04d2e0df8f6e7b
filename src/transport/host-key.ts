/** Checks the key that a host shows against known_hosts, and explains what is wrong with one that does not match. */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { messageOf } from "../errors/message-of.ts";
import {
  fingerprint,
  formatKnownHost,
  hostKeyType,
  type KnownHostLine,
  knownHostName,
  matchesHost,
  parseKnownHosts,
} from "./known-hosts.ts";
import type { SshHop } from "./ssh-config.ts";
import { describeHop } from "./ssh-errors.ts";

/** What known_hosts knows about one host. */
export interface HostKeys {
  /** The types of the keys that the host is known by; none for a new host. */
  readonly knownTypes: readonly string[];
  /** `known` when the key is good, `new` when it is to be remembered. Throws LVS-CONNECT-006 to -009. */
  check(key: Buffer): "known" | "new";
  /** The error LVS-CONNECT-007 for a host without a key of any known type; undefined for a new host. */
  noneInCommon(): LvsctlError | undefined;
  /** Adds the key to the user's first known_hosts file. Throws LVS-CONNECT-010. */
  remember(key: Buffer): Promise<void>;
}

/** Loads the known keys of a host. A missing known_hosts file counts as empty; throws LVS-CONNECT-010 for an unreadable one. */
export async function loadHostKeys(hop: SshHop, acceptNew: boolean, host: string): Promise<HostKeys> {
  const files = [...hop.userKnownHostsFiles, ...hop.globalKnownHostsFiles];
  const lines = (await Promise.all(files.map((file) => loadFile(file, host)))).flat();
  const name = hop.hostKeyAlias?.toLowerCase() ?? knownHostName(hop.hostName, hop.port);
  const found = lines.filter((line) => matchesHost(line, name));
  const known = found.filter(({ marker }) => marker === undefined);
  const withoutPort = hop.hostKeyAlias ? [] : lines.filter((line) => matchesHost(line, hop.hostName.toLowerCase()));
  // As in ssh, a key that is known for the host without a port is also good at another port.
  const elsewhere = known.length > 0 ? [] : withoutPort.filter(({ marker }) => marker === undefined);
  const shown = describeHop(host, hop);

  return {
    knownTypes: [...new Set(known.map(({ keyType }) => keyType))],
    check(key) {
      const revoked = [...found, ...withoutPort].find((line) => line.marker === "revoked" && line.key.equals(key));
      if (revoked) throw revokedKey(host, shown, key, revoked);
      if ([...known, ...elsewhere].some((line) => line.key.equals(key))) return "known";
      const [other] = known;
      if (other) throw changedKey(host, shown, `It shows ${describeKey(key)}`, other);
      const authority = found.find(({ marker }) => marker === "cert-authority");
      if (authority) throw certificateNeeded(host, shown, authority);
      if (acceptNew || hop.acceptNewHostKeys) return "new";
      throw unknownKey(host, shown, name, hop, key);
    },
    noneInCommon() {
      const [other] = known;
      return other && changedKey(host, shown, "It no longer has a key of a known type", other);
    },
    remember: (key) => remember(hop, name, key, host),
  };
}

async function loadFile(file: string, host: string): Promise<readonly KnownHostLine[]> {
  try {
    return parseKnownHosts(await readFile(file, "utf8"), file);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw unusable(file, host, error);
  }
}

async function remember(hop: SshHop, name: string, key: Buffer, host: string): Promise<void> {
  const [file] = hop.userKnownHostsFiles;
  if (file === undefined || file === "/dev/null") return;
  const line = formatKnownHost(name, key, hop.hashKnownHosts ? randomBytes(20) : undefined);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, "a+", 0o600);
    try {
      // One write at the end of the file: several hosts, or programs, may add their lines at the same time.
      await handle.appendFile((await endsInsideLine(handle)) ? `\n${line}` : line);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unusable(file, host, error);
  }
}

async function endsInsideLine(handle: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

function describeKey(key: Buffer): string {
  return `the ${hostKeyType(key)} key ${fingerprint(key)}`;
}

function at({ file, line }: KnownHostLine): string {
  return `${file}:${line}`;
}

function unknownKey(host: string, shown: string, name: string, hop: SshHop, key: Buffer): LvsctlError {
  const file = hop.userKnownHostsFiles.find((path) => path !== "/dev/null");
  const scan = `ssh-keyscan -p ${hop.port} ${hop.hostName}`;
  return new LvsctlError(
    "LVS-CONNECT-006",
    `The host key of ${shown} is not known: no known_hosts file has ${describeKey(key)}.`,
    {
      host,
      output: formatKnownHost(name, key).trim(),
      hint: `Compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub), then run again with --accept-new${file === undefined ? "" : `, or add the line to ${file} (${scan} prints it)`}.`,
    },
  );
}

function changedKey(host: string, shown: string, what: string, known: KnownHostLine): LvsctlError {
  return new LvsctlError(
    "LVS-CONNECT-007",
    `The host key of ${shown} is not the one in ${at(known)}. ${what}; known is ${describeKey(known.key)}. This may be a man-in-the-middle attack, or the host was reinstalled.`,
    {
      host,
      at: { file: known.file, line: known.line, column: 1 },
      hint: `Find out the reason first. If the new key is the host's own, remove line ${known.line} of ${known.file}, and run again with --accept-new.`,
    },
  );
}

function revokedKey(host: string, shown: string, key: Buffer, line: KnownHostLine): LvsctlError {
  return new LvsctlError(
    "LVS-CONNECT-008",
    `The host key of ${shown} is revoked: ${at(line)} says so of ${describeKey(key)}.`,
    {
      host,
      at: { file: line.file, line: line.line, column: 1 },
      hint: "Give the host a new key. A key that somebody else may have cannot be used.",
    },
  );
}

function certificateNeeded(host: string, shown: string, line: KnownHostLine): LvsctlError {
  return new LvsctlError(
    "LVS-CONNECT-009",
    `The host key of ${shown} is known only by a certificate authority (${at(line)}).`,
    {
      host,
      at: { file: line.file, line: line.line, column: 1 },
      hint: "lvsctl cannot check host certificates. Add the host's own key to known_hosts.",
    },
  );
}

function unusable(file: string, host: string, cause: unknown): LvsctlError {
  return new LvsctlError("LVS-CONNECT-010", `${file} cannot be used: ${messageOf(cause)}`, {
    host,
    cause,
    hint: "Make it a file that you may read and write, or name another as UserKnownHostsFile in ssh_config.",
  });
}
