/**
 * Becomes root by sudo. The password is sent only when sudo asks for it, with a prompt that nothing prints by chance, and the
 * script only when the shell behind sudo has answered: neither can be mistaken for the other.
 */
import type { Readable } from "node:stream";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { command, type ShellCommand, sh } from "../shell/quote.ts";
import type { Printed } from "./collect-output.ts";
import type { Conduit } from "./conduit.ts";
import { FORCED_COMMAND } from "./forced-command.ts";
import type { Unlock } from "./script-call.ts";
import type { AskSecret } from "./secrets.ts";

/** How a shell becomes root. */
export interface Sudo {
  /** What the login runs instead of `sh -s`. */
  readonly commandLine: ShellCommand;
  readonly unlock: Unlock;
}

/** Who becomes root where, and how to get the password. */
export interface SudoOptions {
  readonly host: string;
  readonly user: string;
  readonly askSecret: AskSecret | undefined;
  /** The password of the login, if there was one; it is tried first. */
  readonly loginPassword: string | undefined;
  /**
   * Random letters and digits, the same for all shells of a login. They are no secret: sudo's arguments are in the list of
   * processes. But nobody except the login's own programs can write where sudo's question is waited for.
   */
  readonly nonce: string;
}

const ANSWER_MS = 60_000;

/**
 * How to become root on one host. `unlock` throws LVS-CONNECT-017 when the password is wrong or nobody can be asked for it,
 * and -018 when sudo refuses for another reason. The password that worked is used again.
 */
export function sudo(options: SudoOptions): Sudo {
  const prompt = `@${options.nonce} password`;
  const ready = `@${options.nonce} root`;
  let good: string | undefined;

  const unlock: Unlock = async (conduit, printed) => {
    const passwords = good === undefined ? candidates(options) : [good];
    let sent = 0;
    let last: string | undefined;
    const sofar = printed();
    const answers = countIn(conduit.stdout, `${ready}\n`, sofar.stdout);
    const prompts = countIn(conduit.stderr, prompt, sofar.stderr);
    const state = () => {
      if (answers() > 0) return "ready";
      return prompts() > sent ? "asks" : undefined;
    };
    let now = await nextState(conduit, state);
    if (now === "asks") {
      for await (const password of passwords) {
        last = password;
        sent += 1;
        conduit.stdin.write(`${password}\n`);
        now = await nextState(conduit, state);
        if (now !== "asks") break;
      }
    }
    if (now === "asks") throw wrongPassword(options, sent);
    if (now !== "ready") throw refused(options, now, printed(), prompt);
    good ??= last;
  };

  const inner = sh`printf '%s\\n' ${ready}; exec sh -s`;
  return { commandLine: command("exec", "env", "LC_ALL=C", "sudo", "-S", "-p", prompt, "sh", "-c", inner), unlock };
}

/**
 * How often a word of ASCII has come. The work grows with what comes and not with its square: a host that prints without end
 * must not keep us from the others.
 */
function countIn(stream: Readable, word: string, sofar: string): () => number {
  let count = 0;
  let rest = "";
  const take = (text: string) => {
    count += (rest + text).split(word).length - 1;
    rest = (rest + text).slice(1 - word.length);
  };
  take(sofar);
  stream.on("data", (chunk: Buffer) => take(chunk.toString("latin1")));
  return () => count;
}

async function* candidates({ host, user, askSecret, loginPassword }: SudoOptions): AsyncGenerator<string> {
  if (loginPassword !== undefined) yield loginPassword;
  if (!askSecret) return;
  yield await askSecret(`sudo password for ${user} on every host that asks for it: `);
  yield await askSecret(`sudo password for ${user} on ${host} (the last one was refused): `);
}

/** Waits until sudo asks for a password, its shell is ready, it has ended, or it has been silent for a minute. */
async function nextState(
  conduit: Conduit,
  state: () => "ready" | "asks" | undefined,
): Promise<"ready" | "asks" | "ended" | "silent"> {
  const streams = [conduit.stdout, conduit.stderr];
  let look = () => {};
  let timer: NodeJS.Timeout | undefined;
  const changed = new Promise<"ready" | "asks" | "silent">((resolve) => {
    look = () => {
      const now = state();
      if (now) resolve(now);
    };
    for (const stream of streams) stream.on("data", look);
    timer = setTimeout(() => resolve("silent"), ANSWER_MS);
    look();
  });
  try {
    return await Promise.race([changed, conduit.ended.then(() => state() ?? ("ended" as const))]);
  } finally {
    clearTimeout(timer);
    for (const stream of streams) stream.off("data", look);
  }
}

function wrongPassword({ host, user, askSecret }: SudoOptions, sent: number): LvsctlError {
  if (sent > 0) {
    return new LvsctlError("LVS-CONNECT-017", `sudo on ${host} does not accept the password of ${user}.`, {
      host,
      hint: `Try "sudo -v" there as ${user}; sudo asks for the user's own password, not for root's.`,
    });
  }
  const nobody = askSecret ? "" : ", and there is no terminal to ask for it";
  return new LvsctlError("LVS-CONNECT-017", `sudo on ${host} wants the password of ${user}${nobody}.`, {
    host,
    hint: `Use --ask-pass, or let ${user} run sudo without a password (NOPASSWD in sudoers).`,
  });
}

/** The texts are sudo's own, in English because of LC_ALL=C. Source: sudo 1.8 and 1.9, plugins/sudoers. */
const reasons: readonly (readonly [RegExp, string, string])[] = [
  [/must have a tty/i, "sudo there insists on a terminal", "Remove requiretty from sudoers there (visudo)."],
  [
    /not in the sudoers file|not allowed to (execute|run)|may not run/i,
    "sudoers does not allow it",
    "Let the user run sh as root in sudoers there, or log in as root.",
  ],
  [/not found|no such file/i, "there is no sudo on it", "Install sudo there, or log in as root."],
  [
    /incorrect password|no password was provided|password is required/i,
    "the password was not accepted",
    "Try sudo there by hand.",
  ],
];

function refused(
  { host, user }: SudoOptions,
  state: "ended" | "silent",
  printed: Printed,
  prompt: string,
): LvsctlError {
  const output = printed.stderr.replaceAll(prompt, "").trim().slice(-2_000);
  const [, why, hint] = reasons.find(([pattern]) => pattern.test(output)) ?? [
    undefined,
    state === "silent" ? `sudo has not answered within ${ANSWER_MS / 1000} s` : "sudo ended without a shell",
    `Try "sudo sh" there as ${user}.${state === "ended" ? ` ${FORCED_COMMAND}` : ""}`,
  ];
  return new LvsctlError("LVS-CONNECT-018", `${user} cannot become root on ${host}: ${why}.`, { host, output, hint });
}
