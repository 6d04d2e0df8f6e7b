/** Commands that a message tells the user to run next. */
import type { FollowUp } from "../errors/follow-up.ts";
import { quote } from "../shell/quote.ts";
import { visibleLine } from "./visible.ts";

/** What the user has typed, as far as the next command needs it too: what to work on, and how its hosts are reached. */
export interface Given {
  readonly file?: string;
  /** Without a file: the topology's name, and its hosts as ssh knows them. */
  readonly name?: string;
  readonly hosts?: readonly string[];
  readonly lab?: boolean;
  readonly sshConfig?: string;
  /** Only these of its hosts. */
  readonly limit?: readonly string[];
  /** How a verification asks; other commands do not. */
  readonly asking?: {
    readonly only?: readonly string[];
    readonly requests?: number;
    readonly timeoutSeconds?: number;
    readonly retries?: number;
  };
  /** Where a verification asks from. */
  readonly from?: string;
}

/** The same for all hosts: a run may be on hosts that the last command has left out, and a limit that was refused is not repeated. */
export function withoutLimit({ limit: _, ...given }: Given = {}): Given {
  return given;
}

/** Commands that do nothing without a topology file. */
const OF_FILES = new Set(["plan", "apply", "verify"]);

/** A command for the same topology on the same hosts, to be typed as it stands: `lvsctl verify --lab dr.yaml`. */
export function nextCommand(command: string, given: Given): string {
  const [verb = ""] = command.split(" ");
  const { file, name, hosts, lab = false, sshConfig, limit } = OF_FILES.has(verb) ? withFile(given) : given;
  const words = [
    ...(verb === "verify" ? askingWords(given) : []),
    ...(lab ? ["--lab"] : []),
    ...(sshConfig === undefined ? [] : ["--ssh-config", sshConfig]),
    ...(name === undefined ? [] : ["--name", name]),
    ...(hosts === undefined ? [] : ["--host", hosts.join(",")]),
    ...(limit === undefined ? [] : ["--limit", limit.join(",")]),
    ...(file === undefined ? [] : [file.startsWith("-") ? `./${file}` : file]),
  ];
  return ["lvsctl", command, ...words.map((word) => quote(visibleLine(word)))].join(" ");
}

function withFile({ name, hosts: _, limit, ...given }: Given): Given {
  if (name !== undefined) return { ...given, file: "FILE" };
  return limit === undefined ? given : { ...given, limit };
}

function askingWords({ asking: { only, requests, timeoutSeconds, retries } = {}, from }: Given): readonly string[] {
  const flags = { only: only?.join(","), requests, timeout: timeoutSeconds, retries, from };
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
}

/** The same as a function of the command alone, for those who do not know what has been typed. */
export function nextOf({ given = {} }: { readonly given?: Given }): FollowUp {
  const { lab, sshConfig } = given;
  const reach = { ...(lab === undefined ? {} : { lab }), ...(sshConfig === undefined ? {} : { sshConfig }) };
  return (command, other) => nextCommand(command, other === undefined ? given : { ...reach, ...other });
}
