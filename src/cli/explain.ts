import { Option } from "commander";
import { formatOption, outputs, type TextFlags } from "./options.ts";
import type { Registry } from "./registry.ts";

const EXAMPLES = `
Examples:
  lvsctl explain dr                        what direct routing does, and why
  lvsctl explain topology.yaml             the same for your own hosts and addresses
  lvsctl explain --lang zh nat             in Chinese
  lvsctl explain publish                   a feature; also: fwmark, test-page and others
  lvsctl explain ./my-mode.yaml            a playbook of your own
  lvsctl explain --format json topology.yaml | jq '.services[0].way.hops'`;

interface Flags extends TextFlags {
  readonly format: string;
  readonly lang?: "en" | "zh";
}

/** `lvsctl explain MODE|FILE`: the packet's way, and every step with its reason; needs no host. */
export function registerExplain({ program }: Registry): void {
  program
    .command("explain")
    .description("show the way of a packet, hop by hop, and every step with its reason; needs no host")
    .argument("<mode|file>", "a mode or feature by its name, a topology file, or a playbook of your own")
    .addOption(new Option("--lang <language>", "en or zh; default: as LANG says").choices(["en", "zh"]))
    .addOption(formatOption("text", "json"))
    .option("--no-color", "no colours (also: NO_COLOR)")
    .addHelpText("after", EXAMPLES)
    .action(async (what: string, flags: Flags) => {
      const { explain } = await import("../app/explain.ts");
      const { showExplanation } = await import("../report/explain.ts");
      const { stdout } = outputs(flags);
      showExplanation(await explain(what, flags.lang ?? languageOf(process.env)), flags.format, stdout);
    });
}

/** The language of the environment: locale(7) asks these in this order, an empty one counting as absent. */
function languageOf(env: NodeJS.ProcessEnv): "en" | "zh" {
  const locale = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((value) => value);
  return locale?.startsWith("zh") ? "zh" : "en";
}
