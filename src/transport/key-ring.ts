/**
 * The user's keys: those of the agent and those in files, in the order in which ssh offers them. A passphrase is asked for
 * only when the host has said that it would take that key.
 */
import { open } from "node:fs/promises";
import ssh2, { type ParsedKey, type SigningRequestOptions } from "ssh2";
import { messageOf } from "../errors/message-of.ts";
import { fingerprint, hostKeyType } from "./known-hosts.ts";
import type { AskSecret } from "./secrets.ts";
import type { SshHop } from "./ssh-config.ts";

/** A key that can sign, held by the agent or read from a file. */
export interface RingKey {
  /** For errors: `key /home/a/.ssh/id_rsa`. */
  readonly label: string;
  readonly publicKey: ParsedKey;
  /** `hash`: for an RSA key; other types of key have their own. */
  sign(data: Buffer, hash: Hash | undefined): Promise<Buffer>;
}

/** The hash of an RSA signature. */
type Hash = NonNullable<SigningRequestOptions["hash"]>;

/** The keys to offer, in order. */
export interface Keys {
  readonly keys: readonly RingKey[];
  /** For each key that cannot be used, and for the agent, the reason why not. */
  readonly notes: readonly string[];
}

const AGENT_TIMEOUT_MS = 5_000;
const { parseKey } = ssh2.utils;

/**
 * The keys to offer, in ssh's order: agent keys that are also identity files, other agent keys, identity files.
 * Source: ssh_config(5), IdentityFile and IdentitiesOnly.
 */
export async function gatherKeys(hop: SshHop, ask: AskSecret | undefined): Promise<Keys> {
  if (!hop.methods.publicKey) return { keys: [], notes: [] };
  const [agent, ...files] = await Promise.all([
    agentKeys(hop.identityAgent),
    ...hop.identityFiles.map((path) => fileKey(path, ask)),
  ]);
  const named = files.flatMap(({ publicKey }) => (publicKey ? [blob(publicKey)] : []));
  const isNamed = (key: RingKey) => named.includes(blob(key.publicKey));
  const held = new Set(agent.keys.map((key) => blob(key.publicKey)));
  return {
    keys: [
      ...agent.keys.filter(isNamed),
      ...(hop.identitiesOnly ? [] : agent.keys.filter((key) => !isNamed(key))),
      ...files.flatMap(({ key }) => (key && !held.has(blob(key.publicKey)) ? [key] : [])),
    ],
    notes: [...agent.notes, ...files.flatMap(({ note }) => (note === undefined ? [] : [note]))],
  };
}

/** Keys in the form of an agent, as ssh2 wants them; it offers them one by one. */
export class KeyRing extends ssh2.BaseAgent<ParsedKey> {
  private readonly keys: readonly RingKey[];

  constructor(keys: readonly RingKey[]) {
    super();
    this.keys = keys;
  }

  override getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    done(
      undefined,
      this.keys.map(({ publicKey }) => publicKey),
    );
  }

  override sign(publicKey: ParsedKey, data: Buffer, ...rest: readonly unknown[]): void {
    const [options, done] = rest.length > 1 ? rest : [{}, rest[0]];
    const finish = done as (error: Error | undefined, signature?: Buffer) => void;
    const { hash } = options as { readonly hash?: Hash };
    const key = this.keys.find((candidate) => blob(candidate.publicKey) === blob(publicKey));
    if (!key) finish(new Error("no such key"));
    else key.sign(data, hash).then((signature) => finish(undefined, signature), finish);
  }
}

interface FileKey {
  readonly publicKey?: ParsedKey;
  readonly key?: RingKey;
  readonly note?: string;
}

async function agentKeys(socket: string | undefined): Promise<Keys> {
  if (socket === undefined) return { keys: [], notes: [] };
  const agent = new ssh2.OpenSSHAgent(socket);
  const listed = await new Promise<readonly ParsedKey[] | Error>((resolve) => {
    const timer = setTimeout(() => resolve(new Error("no answer")), AGENT_TIMEOUT_MS);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      resolve(error ?? keys?.flatMap((key) => ("pubKey" in key ? [] : [key])) ?? []);
    });
  });
  if (listed instanceof Error)
    return { keys: [], notes: [`the agent at ${socket} cannot be used (${listed.message})`] };
  return {
    keys: listed.map((publicKey) => ({
      label: `agent key ${publicKey.comment || fingerprint(publicKey.getPublicSSH())}`,
      publicKey,
      sign: (data, hash) =>
        new Promise((resolve, reject) => {
          agent.sign(publicKey, data, hash === undefined ? {} : { hash }, (error, signature) => {
            if (signature) resolve(signature);
            else reject(error ?? new Error("the agent gave no signature"));
          });
        }),
    })),
    notes: [],
  };
}

async function fileKey(path: string, ask: AskSecret | undefined): Promise<FileKey> {
  const text = await readText(path);
  if (text instanceof Error) {
    const publicKey = parsed(await readText(`${path}.pub`));
    if (publicKey) return { publicKey };
    return isDefault(path) ? {} : { note: `key ${path} cannot be read (${text.message})` };
  }
  const key = parseKey(text);
  if (!(key instanceof Error)) {
    return key.isPrivateKey() ? { publicKey: key, key: fileRingKey(path, key, async () => key) } : { publicKey: key };
  }
  if (!/encrypted/i.test(key.message)) return { note: `key ${path} cannot be used (${key.message})` };
  const publicKey = parsed(publicPart(text)) ?? parsed(await readText(`${path}.pub`));
  if (!ask)
    return {
      ...(publicKey && { publicKey }),
      note: `key ${path} has a passphrase, and there is no terminal to ask for it`,
    };
  const unlock = () => unlockKey(path, text, ask);
  if (publicKey) return { publicKey, key: fileRingKey(path, publicKey, unlock) };
  try {
    const opened = await unlock();
    return { publicKey: opened, key: fileRingKey(path, opened, async () => opened) };
  } catch (error) {
    return { note: `key ${path} cannot be used (${messageOf(error)})` };
  }
}

function fileRingKey(path: string, publicKey: ParsedKey, open: () => Promise<ParsedKey>): RingKey {
  return {
    label: `key ${path}`,
    publicKey,
    async sign(data, hash) {
      const signature: unknown = (await open()).sign(data, hash);
      if (Buffer.isBuffer(signature)) return signature;
      throw signature instanceof Error ? signature : new Error("no signature");
    },
  };
}

async function unlockKey(path: string, text: string, ask: AskSecret): Promise<ParsedKey> {
  for (const remark of ["", " (the first was wrong)", " (the second was wrong)"]) {
    const key = parseKey(text, await ask(`Passphrase for ${path}${remark}: `));
    if (!(key instanceof Error)) return key;
  }
  throw new Error(`the passphrase for ${path} is wrong`);
}

/**
 * The public key in an encrypted key file, as `type base64`; that part is not encrypted. Undefined for older formats.
 * Source: OpenSSH, PROTOCOL.key.
 */
function publicPart(text: string): string | undefined {
  const base64 = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  const data = Buffer.from(base64 ?? "", "base64");
  if (data.toString("latin1", 0, 15) !== "openssh-key-v1\0") return undefined;
  let at = 15;
  const next = () => {
    const length = at + 4 <= data.length ? data.readUInt32BE(at) : 0;
    const piece = data.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return piece;
  };
  for (const _field of ["cipher", "key derivation", "its options"]) next();
  at += 4; // The number of keys, always 1.
  const key = next();
  return `${hostKeyType(key)} ${key.toString("base64")}`;
}

function parsed(key: ParsedKey | Buffer | string | Error | undefined): ParsedKey | undefined {
  if (key === undefined || key instanceof Error) return undefined;
  const result = parseKey(key);
  return result instanceof Error ? undefined : result;
}

/** No key is as long. A topology of somebody else's may name any file as one, such as /dev/zero. */
const MAX_KEY_BYTES = 64 * 1024;

async function readText(path: string): Promise<string | Error> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_KEY_BYTES), 0, MAX_KEY_BYTES);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    return new Error(error instanceof Error && "code" in error ? String(error.code) : messageOf(error));
  }
}

function isDefault(path: string): boolean {
  return /\/\.ssh\/id_(rsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|xmss|dsa)$/.test(path);
}

function blob(key: ParsedKey): string {
  return key.getPublicSSH().toString("base64");
}
