/** Files of other programs that are taken for topologies. */
import type { LocatedDocument } from "../document/parse-document.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";

/** What a file is, and how the first line that shows it begins. */
const SIGNS: readonly (readonly [what: string, sign: RegExp])[] = [
  ["a configuration of keepalived", /^[ \t]*(global_defs|vrrp_\w+|virtual_server(_group)?|real_server|static_\w+)\b/m],
  ["the output of ipvsadm -S, for ipvsadm -R", /^[ \t]*-[Aa][ \t]+(-[tuf]|--\w+-service)[ \t]+\S+/m],
  ["the output of ipvsadm -L", /^IP Virtual Server version |^Prot LocalAddress:Port /m],
  ["a script with ipvsadm commands", /^[ \t]*(sudo[ \t]+)?(\/\S*\/)?ipvsadm[ \t]+-/m],
  ["a configuration of HAProxy", /^[ \t]*(frontend|backend|listen)[ \t]+\S+[ \t]*$/m],
  ["a configuration of nginx", /^[ \t]*(upstream[ \t]+\S+|server|http|stream)[ \t]*\{/m],
  // A file of nothing but includes: its lines have no semicolon, as those of nginx do.
  ["a configuration of keepalived", /^[ \t]*include[abmrw]?[ \t]+(\S*keepalived\S*|\S+\.conf)[ \t]*$/m],
  ["a configuration of ldirectord", /^virtual[ \t]*=[ \t]*\S+/m],
];

/** Those are maps, as a topology is. */
const KUBERNETES: typeof SIGNS = [["an object of Kubernetes", /^apiVersion[ \t]*:/m]];

/** LVS-CONFIG-071 if a text that is no map is another program's file; undefined if it is not known. */
export function otherProgramsFile(text: string, document: LocatedDocument): LvsctlError | undefined {
  const signs = isMap(document.value) ? KUBERNETES : SIGNS;
  if (signs === KUBERNETES && !("apiVersion" in Object(document.value) && "kind" in Object(document.value)))
    return undefined;
  for (const [what, sign] of signs) {
    const found = sign.exec(text);
    if (found === null) continue;
    const line = text.slice(0, found.index).split("\n").length;
    const shown = text.split("\n")[line - 1] ?? "";
    return new LvsctlError("LVS-CONFIG-071", `This is ${what}, and lvsctl reads topologies: its own YAML.`, {
      hint: "lvsctl cannot import it yet. Write the hosts with their roles and interfaces, and for each virtual server a service with `mode`, `vip`, `port`, `scheduler` and `realServers`; README.md begins with an example.",
      at: { file: document.file, line, column: 1, length: Math.max(1, shown.length), text: shown },
    });
  }
  return undefined;
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
