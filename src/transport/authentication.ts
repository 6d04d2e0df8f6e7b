/** The authentication methods of a login, in ssh's order: keys, keyboard-interactive, password. */
import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from "ssh2";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { messageOf } from "../errors/message-of.ts";
import { gatherKeys, KeyRing } from "./key-ring.ts";
import type { AskSecret } from "./secrets.ts";
import type { SshHop } from "./ssh-config.ts";
import { describeHop } from "./ssh-errors.ts";

/** One attempt to log in. */
export interface Authentication {
  /** For ssh2, which asks it for one method after the other. */
  readonly handler: AuthHandlerMiddleware;
  /** The last password that was sent, if any: sudo usually wants the same one. */
  password(): string | undefined;
  /** The error LVS-CONNECT-011, which lists everything that was tried. */
  failed(reason: string): LvsctlError;
}

const MAX_PASSWORDS = 3;
const MAX_QUESTIONS = 12;

/** The authentication of one login to `hop`. Without `askSecret`, or in batch mode, nobody is asked for a password. */
export function authentication(hop: SshHop, askSecret: AskSecret | undefined, host: string): Authentication {
  const ask = hop.batchMode ? undefined : askSecret;
  const tried: string[] = [];
  const notes: string[] = [];
  let offered: readonly AuthenticationType[] = [];
  let trouble: string | undefined;
  let passwords = 0;
  let questions = 0;
  let password: string | undefined;

  const askPassword = async (asking: AskSecret): Promise<string> => {
    passwords += 1;
    password = await asking(`Password for ${whose(hop, passwords)}: `);
    return password;
  };

  const answer = async (asking: AskSecret, prompts: readonly Prompt[]): Promise<string[]> => {
    const answers: string[] = [];
    for (const { prompt, echo } of prompts) {
      questions += 1;
      if (questions > MAX_QUESTIONS) throw new Error("the host keeps asking");
      const isPassword = prompts.length === 1 && !echo && /password/i.test(prompt);
      const asked = isPassword
        ? askPassword(asking)
        : asking(`${hop.user}@${hop.destination} asks: ${oneLine(prompt)} `);
      answers.push(await asked);
    }
    return answers;
  };

  async function* methods(): AsyncGenerator<AnyAuthMethod, void, undefined> {
    const username = hop.user;
    const found = await gatherKeys(hop, ask);
    notes.push(...found.notes);
    if (found.keys.length > 0) {
      tried.push(...found.keys.map(({ label }) => label));
      yield { type: "agent", username, agent: new KeyRing(found.keys) };
    }
    // The host answers with the methods that it offers; after keys, ssh2 does not pass that answer on.
    yield { type: "none", username };
    if (!ask) return;
    for (
      let attempt = 0;
      hop.methods.keyboardInteractive && attempt < MAX_PASSWORDS && passwords < MAX_PASSWORDS;
      attempt += 1
    ) {
      const before = questions;
      yield {
        type: "keyboard-interactive",
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => {
          answer(ask, prompts).then(finish, (error: unknown) => {
            trouble = messageOf(error);
            finish([]);
          });
        },
      };
      if (questions === before || trouble !== undefined) break;
      note(tried, "keyboard-interactive");
    }
    while (hop.methods.password && passwords < MAX_PASSWORDS && trouble === undefined) {
      if (offered.length > 0 && !offered.includes("password")) return;
      note(tried, "password");
      yield { type: "password", username, password: await askPassword(ask) };
    }
  }

  const source = methods();
  const nextMethod = async (left: readonly AuthenticationType[] | null): Promise<AnyAuthMethod | false> => {
    if (left) offered = left;
    for (let turn = 0; turn < MAX_QUESTIONS; turn += 1) {
      const { value, done } = await source.next();
      if (done || !value) return false;
      const wanted = value.type === "agent" ? "publickey" : value.type;
      if (!left || left.includes(wanted)) return value;
    }
    return false;
  };

  return {
    handler: (left, _partial, next) => {
      const end = next as unknown as (method: AnyAuthMethod | false) => void; // Its types leave out the false that ends the login.
      nextMethod(left).then(end, (error: unknown) => {
        trouble = messageOf(error);
        end(false);
      });
    },
    password: () => password,
    failed: (reason) =>
      loginFailed(host, hop, { tried, notes, offered, reason: trouble ?? reason, canAsk: ask !== undefined }),
  };
}

/** The first question says where else its answer is used; it is asked once for all hosts. */
function whose({ user, destination, isJump }: SshHop, attempt: number): string {
  if (attempt > 1) return `${user}@${destination} (attempt ${attempt} of ${MAX_PASSWORDS})`;
  return isJump ? `${user} on the jump host ${destination}` : `${user} on every host that asks for it`;
}

interface Attempts {
  readonly tried: readonly string[];
  readonly notes: readonly string[];
  readonly offered: readonly string[];
  readonly reason: string;
  readonly canAsk: boolean;
}

function loginFailed(host: string, hop: SshHop, { tried, notes, offered, reason, canAsk }: Attempts): LvsctlError {
  const parts = [
    `The login to ${describeHop(host, hop)} as ${hop.user} failed: ${reason}.`,
    tried.length > 0 ? `Tried: ${tried.join(", ")}.` : "There was no key to try.",
    ...(notes.length > 0 ? [`Not tried: ${notes.join("; ")}.`] : []),
    ...(offered.length > 0 ? [`The host offers ${offered.join(", ")}.`] : []),
  ];
  const takesPassword = offered.some((method) => method === "password" || method === "keyboard-interactive");
  const withKey = `put a public key of yours into ~${hop.user}/.ssh/authorized_keys there, or name the right user or key (ssh in the topology, or ssh_config)`;
  return new LvsctlError("LVS-CONNECT-011", parts.join(" "), {
    host,
    hint:
      takesPassword && !canAsk ? `Use --ask-pass to give a password, or ${withKey}.` : `${withKey.replace(/^p/, "P")}.`,
  });
}

function note(list: string[], entry: string): void {
  if (!list.includes(entry)) list.push(entry);
}

/** A host's question for the terminal, without anything that could move the cursor or fill the screen. */
function oneLine(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f-\x9f]+/g, " ")
    .trim()
    .slice(0, 200);
}
