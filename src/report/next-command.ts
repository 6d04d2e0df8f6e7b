/** Commands that a message tells the user to run next. */
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
}

/** A command for the same topology on the same hosts, to be typed as it stands: `lvsctl verify --lab dr.yaml`. */
export function nextCommand(command: string, { file, name, hosts, lab = false, sshConfig }: Given): string {
  const words = [
    ...(lab ? ["--lab"] : []),
    ...(sshConfig === undefined ? [] : ["--ssh-config", sshConfig]),
    ...(name === undefined ? [] : ["--name", name]),
    ...(hosts === undefined ? [] : ["--host", hosts.join(",")]),
    ...(file === undefined ? [] : [file]),
  ];
  return ["lvsctl", command, ...words.map((word) => quote(visibleLine(word)))].join(" ");
}

/** The same as a function of the command alone, for those who do not know what has been typed. */
export function nextOf({ given = {} }: { readonly given?: Given }): (command: string) => string {
  return (command) => nextCommand(command, given);
}
