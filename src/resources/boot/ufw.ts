/** ufw, where it is alone with its rules. Source: ufw_start and ufw_stop in ufw-init-functions, which call flush_builtins. */
import type { ReadCommand } from "../../shell/read-script.ts";

const FILES = ["/etc/default/ufw", "/etc/ufw/ufw.conf"] as const;

/** Reads what `isUfwAlone` needs. */
export const ufwSettings: ReadCommand = {
  name: "boot-unit-ufw",
  argv: ["grep", "-h", "-s", "-e", "^ENABLED=", "-e", "^MANAGE_BUILTINS=", ...FILES],
  onlyIf: FILES[0],
};

/** Whether ufw is on, and deletes all rules of iptables whenever it starts, stops or reloads. `text`: those settings. */
export function isUfwAlone(text: string): boolean {
  return isYes(text, "ENABLED") && isYes(text, "MANAGE_BUILTINS");
}

/** What a plan says then, for a topology that has rules. */
export function ufwCaveat(topology: string) {
  return {
    message: `ufw has MANAGE_BUILTINS=yes in ${FILES[0]}: ufw reload, ufw enable and ufw disable delete all rules of iptables, those of ${topology} too.`,
    hint: "Set it to no. Or run lvsctl apply after each of them; lvsctl drift shows what is missing.",
  };
}

/** Whether the last line of a shell's file that sets a variable sets it to yes. */
function isYes(text: string, name: string): boolean {
  const values = [...text.matchAll(new RegExp(`^${name}=["']?(\\w*)`, "gm"))];
  return values.at(-1)?.[1]?.toLowerCase() === "yes";
}
