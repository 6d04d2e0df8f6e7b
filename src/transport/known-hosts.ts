/** The known_hosts format: parsing, matching and writing lines. Reads no file. Source: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** One line of a known_hosts file. */
export interface KnownHostLine {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  readonly marker?: "revoked" | "cert-authority";
  /** Names and patterns with commas, or one hashed name: the field as it stands. */
  readonly names: string;
  readonly keyType: string;
  /** The public key in SSH's wire format. */
  readonly key: Buffer;
}

/** Parses a known_hosts file. Malformed lines are skipped, as in ssh. */
export function parseKnownHosts(text: string, file: string): readonly KnownHostLine[] {
  return text.split("\n").flatMap((content, index) => {
    const fields = content.trim().split(/[ \t]+/);
    const marker = markers[fields[0] ?? ""];
    const [names = "", keyType, base64] = marker ? fields.slice(1) : fields;
    if (names.startsWith("#") || names.startsWith("@") || keyType === undefined || base64 === undefined) return [];
    const line = { file, line: index + 1, names, keyType, key: Buffer.from(base64, "base64") };
    if (hostKeyType(line.key) !== keyType) return [];
    return [marker ? { ...line, marker } : line];
  });
}

const markers: Readonly<Record<string, "revoked" | "cert-authority">> = {
  "@revoked": "revoked",
  "@cert-authority": "cert-authority",
};

/** The name under which a host's keys are kept: `name`, or `[name]:port` where the port is not 22. */
export function knownHostName(hostName: string, port: number): string {
  const name = hostName.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Whether the line applies to the host of this name. A negated pattern that matches outweighs all others. */
export function matchesHost(line: KnownHostLine, name: string): boolean {
  if (line.names.startsWith("|1|")) return matchesHash(line.names, name);
  const patterns = line.names.split(",");
  const isOf = (pattern: string) => fits(pattern.toLowerCase(), name);
  if (patterns.some((pattern) => pattern.startsWith("!") && isOf(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith("!") && isOf(pattern));
}

function matchesHash(field: string, name: string): boolean {
  const [, , salt = "", hash = ""] = field.split("|");
  const expected = Buffer.from(hash, "base64");
  const actual = hashName(name, Buffer.from(salt, "base64"));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function hashName(name: string, salt: Buffer): Buffer {
  return createHmac("sha1", salt).update(name).digest();
}

/** Matches `*` and `?` as a shell does. After a mismatch only the last `*` is extended, so that no pattern is slow. */
function fits(pattern: string, name: string): boolean {
  let [at, star, retry] = [0, -1, 0];
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === "*") {
      star = at;
      retry = index;
      at += 1;
    } else if (pattern[at] === "?" || pattern[at] === name[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      retry += 1;
      index = retry;
      at = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** A line for a known_hosts file, newline included; with a salt of 20 bytes its name is hashed. */
export function formatKnownHost(name: string, key: Buffer, salt?: Buffer): string {
  const field = salt ? `|1|${salt.toString("base64")}|${hashName(name, salt).toString("base64")}` : name;
  return `${field} ${hostKeyType(key)} ${key.toString("base64")}\n`;
}

/** The type stored in a public key: `ssh-ed25519`. Empty if it is not a key. Source: RFC 4253, section 6.6. */
export function hostKeyType(key: Buffer): string {
  if (key.length < 4) return "";
  const length = key.readUInt32BE(0);
  return length > 64 || key.length < 4 + length ? "" : key.toString("latin1", 4, 4 + length);
}

/** The fingerprint of a public key as ssh-keygen -l shows it: `SHA256:…`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}
