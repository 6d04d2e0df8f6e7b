/**
 * How OpenSSH would reach a destination. `ssh -G` answers that, so that Include, Match, patterns, tokens and defaults mean
 * exactly what they mean to ssh; options that we do not support are ignored.
 */

import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { exists } from "./exists.ts";
import { runProcess } from "./process.ts";
import { expandCommand, expandPath, type Tokens } from "./ssh-tokens.ts";

/** How to log in to a host, as a topology gives it. What is absent comes from ssh_config. */
export interface SshDestination {
  /** An address, a name, or an alias from ssh_config. */
  readonly destination: string;
  readonly port?: number;
  readonly user?: string;
  readonly identityFile?: string;
  /** As ssh_config's ProxyJump: `[user@]host[:port]`, several separated by commas. */
  readonly jump?: string;
  /** How to become root if the user is not root. */
  readonly become?: "sudo";
}

/** The settings of one hop, with all tokens expanded. Source: ssh_config(5). */
export interface SshHop {
  /** The name that was looked up in ssh_config. */
  readonly destination: string;
  readonly hostName: string;
  /** This hop is a jump host on the way to another. */
  readonly isJump?: true;
  readonly port: number;
  readonly user: string;
  readonly family?: 4 | 6;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** The path of the agent's socket. */
  readonly identityAgent?: string;
  /** ProxyJump as written. */
  readonly jump?: string;
  /** A shell command, tokens expanded. */
  readonly proxyCommand?: string;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  readonly hostKeyAlias?: string;
  readonly acceptNewHostKeys: boolean;
  readonly hashKnownHosts: boolean;
  readonly hostKeyAlgorithms: readonly string[];
  readonly methods: { readonly publicKey: boolean; readonly keyboardInteractive: boolean; readonly password: boolean };
  readonly batchMode: boolean;
  readonly connectTimeoutMs?: number;
  readonly keepAliveMs?: number;
  readonly keepAliveCount: number;
}

/** An answer of `ssh -G`: option in lower case → its values, one for each line. */
type SshAnswer = ReadonlyMap<string, readonly string[]>;

const SSH_TIMEOUT_MS = 30_000;
/** So that the time limit of one is not spent on waiting for the others. */
const sshProcesses = pLimit(8);

/**
 * The settings for one destination. Throws LVS-CONNECT-023 if ssh rejects its configuration, or if it is needed and not installed.
 * @param configFile as `ssh -F`; absent: the user's and the system's own.
 */
export async function resolveHop(to: SshDestination, configFile: string | undefined, host: string): Promise<SshHop> {
  const ask = () => runProcess(sshArguments(to, configFile), { timeoutMs: SSH_TIMEOUT_MS });
  const result = await sshProcesses(ask).catch(() => undefined);
  if (result === undefined) return hopWithoutSsh(to, configFile, host);
  if (result.signal !== undefined) {
    const message = `ssh has not said within ${SSH_TIMEOUT_MS / 1000} s how it reaches ${to.destination}.`;
    throw new LvsctlError("LVS-CONNECT-023", message, {
      host,
      hint: `Try "ssh -G ${to.destination}"; a "Match exec" in ssh_config may take long.`,
    });
  }
  if (result.status !== 0) {
    throw new LvsctlError(
      "LVS-CONNECT-023",
      `ssh rejects its configuration for ${to.destination}: ${firstLine(result.stderr)}`,
      {
        host,
        output: result.stderr.trim(),
        hint: (await isGone(configFile))
          ? `There is no file ${configFile}. Correct --ssh-config; or if it was a lab's, the lab has been taken down: lvsctl lab up FILE creates it again.`
          : `Fix what it names; "ssh -G ${to.destination}" shows the same.`,
      },
    );
  }
  return hopFromAnswer(to.destination, parseAnswer(result.stdout), host);
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/)[0] ?? "";
}

async function isGone(file: string | undefined): Promise<boolean> {
  return file !== undefined && file !== "none" && !(await exists(file));
}

function sshArguments(to: SshDestination, configFile: string | undefined): readonly string[] {
  return [
    "ssh",
    "-G",
    ...(configFile === undefined ? [] : ["-F", configFile]),
    ...(to.port === undefined ? [] : ["-p", String(to.port)]),
    ...(to.user === undefined ? [] : ["-l", to.user]),
    ...(to.identityFile === undefined ? [] : ["-o", `IdentityFile="${to.identityFile.replace(/["\\]/g, "\\$&")}"`]),
    ...(to.jump === undefined ? [] : ["-J", to.jump]),
    "--",
    to.destination,
  ];
}

/** ssh's defaults, for machines without the ssh program. Throws if there is an ssh_config, because only ssh can read it. */
async function hopWithoutSsh(to: SshDestination, configFile: string | undefined, host: string): Promise<SshHop> {
  const own = join(homedir(), ".ssh", "config");
  const needed = configFile ?? ((await exists(own)) ? own : undefined);
  if (needed !== undefined) {
    throw new LvsctlError("LVS-CONNECT-023", `${needed} cannot be used: this machine has no ssh program to read it.`, {
      host,
      hint: "Install the OpenSSH client (openssh-client, openssh-clients).",
    });
  }
  const [, user, name = to.destination] = /^(?:(.*)@)?([^@]*)$/.exec(to.destination) ?? [];
  const files = ["id_rsa", "id_ecdsa", "id_ed25519"].map((file) => `~/.ssh/${file}`);
  const answer = new Map<string, readonly string[]>([
    ["hostname", [name]],
    ["port", [String(to.port ?? 22)]],
    ["user", [to.user ?? user ?? userInfo().username]],
    ["identityfile", to.identityFile === undefined ? files : [to.identityFile]],
    ["userknownhostsfile", ["~/.ssh/known_hosts"]],
    ["globalknownhostsfile", ["/etc/ssh/ssh_known_hosts"]],
    ...(to.jump === undefined ? [] : [["proxyjump", [to.jump]] as const]),
  ]);
  return hopFromAnswer(to.destination, answer, host);
}

/** Reads what `ssh -G` prints: a lower-case option and its value on each line. */
function parseAnswer(text: string): SshAnswer {
  const answer = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, option, value] = /^([a-z0-9]+) (.*)$/i.exec(line) ?? [];
    if (option === undefined || value === undefined) continue;
    const values = answer.get(option.toLowerCase());
    if (values) values.push(value);
    else answer.set(option.toLowerCase(), [value]);
  }
  return answer;
}

function hopFromAnswer(destination: string, answer: SshAnswer, host: string): SshHop {
  const one = (option: string) => {
    const value = answer.get(option)?.[0];
    return value === undefined || value === "none" ? undefined : value;
  };
  const isOn = (option: string, byDefault: boolean) => {
    const value = answer.get(option)?.[0];
    return value === undefined
      ? byDefault
      : value === "yes" || value === "true" || value === "unbound" || value === "host-bound";
  };
  const hostName = one("hostname") ?? destination;
  const port = Number(one("port") ?? 22);
  const user = one("user") ?? userInfo().username;
  const hostKeyAlias = one("hostkeyalias");
  const tokens = { h: hostName, n: destination, p: String(port), r: user, k: hostKeyAlias ?? destination };
  const paths = (option: string) => words(answer.get(option)?.join(" ")).map((path) => expandPath(path, tokens));
  const proxyCommand = one("proxycommand");
  const strict = one("stricthostkeychecking");
  return {
    destination,
    hostName,
    port,
    user,
    identityFiles: (answer.get("identityfile") ?? [])
      .filter((path) => path !== "none")
      .map((path) => expandPath(path, tokens)),
    identitiesOnly: isOn("identitiesonly", false),
    userKnownHostsFiles: paths("userknownhostsfile"),
    globalKnownHostsFiles: paths("globalknownhostsfile"),
    // "no" would take any key, a changed one included: we go no further than "accept-new".
    acceptNewHostKeys: strict === "accept-new" || strict === "no" || strict === "off" || strict === "false",
    hashKnownHosts: isOn("hashknownhosts", false),
    hostKeyAlgorithms: one("hostkeyalgorithms")?.split(",") ?? [],
    methods: {
      publicKey: isOn("pubkeyauthentication", true),
      keyboardInteractive: isOn("kbdinteractiveauthentication", true),
      password: isOn("passwordauthentication", true),
    },
    batchMode: isOn("batchmode", false),
    keepAliveCount: Number(one("serveralivecountmax") ?? 3),
    ...optional("family", families[one("addressfamily") ?? ""]),
    ...optional("identityAgent", agentSocket(answer.get("identityagent")?.[0], tokens)),
    ...optional("jump", one("proxyjump")),
    ...optional("proxyCommand", proxyCommand && expandCommand(proxyCommand, tokens, host)),
    ...optional("hostKeyAlias", hostKeyAlias),
    ...optional("connectTimeoutMs", seconds(one("connecttimeout"))),
    ...optional("keepAliveMs", seconds(one("serveraliveinterval"))),
  };
}

const families: Readonly<Record<string, 4 | 6>> = { inet: 4, inet6: 6 };

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}

function words(text: string | undefined): readonly string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "" && word !== "none");
}

function seconds(text: string | undefined): number | undefined {
  const value = Number(text ?? 0);
  return value > 0 ? value * 1_000 : undefined;
}

function agentSocket(value: string | undefined, tokens: Tokens): string | undefined {
  if (value === "none") return undefined;
  if (value === undefined || value === "SSH_AUTH_SOCK") return process.env["SSH_AUTH_SOCK"] || undefined;
  return value.startsWith("$") ? process.env[value.slice(1).replace(/^{(.*)}$/, "$1")] : expandPath(value, tokens);
}
