/** The tokens of ssh_config, such as %h, which `ssh -G` leaves in place. Source: ssh_config(5), TOKENS. */
import { homedir, hostname, userInfo } from "node:os";
import { LvsctlError } from "../errors/lvsctl-error.ts";

/** Token letter → its value. */
export type Tokens = Readonly<Record<string, string>>;

/** A path with `~` and tokens expanded. */
export function expandPath(path: string, tokens: Tokens): string {
  const home = homedir();
  const local = { d: home, u: userInfo().username, i: String(userInfo().uid), l: hostname(), ...tokens };
  return expandTokens(path.replace(/^~(?=\/|$)/, home), local);
}

function expandTokens(text: string, tokens: Tokens): string {
  return text.replace(/%(.)/g, (whole, token: string) => (token === "%" ? "%" : (tokens[token] ?? whole)));
}

/**
 * ProxyCommand with its tokens expanded. A shell runs the result, so every value must be harmless in a shell.
 * Throws LVS-CONNECT-023 for one that is not.
 */
export function expandCommand(text: string, tokens: Tokens, host: string): string {
  for (const [token, value] of Object.entries(tokens)) {
    if (/^[A-Za-z0-9_][A-Za-z0-9_.:@%-]*$/.test(value) || !text.includes(`%${token}`)) continue;
    throw new LvsctlError("LVS-CONNECT-023", `ProxyCommand would put ${JSON.stringify(value)} into a shell command.`, {
      host,
      hint: `Use a host name, user and port of letters, digits and dots where ProxyCommand has %${token}.`,
    });
  }
  return expandTokens(text, tokens);
}
