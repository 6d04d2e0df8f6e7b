import { exitCode } from "../../errors/exit-code.ts";
import { defineCommand } from "../command.ts";
import { argument, choice, optionalArgument } from "../parameter.ts";

/** `lvsctl explain MODE|FILE [SERVICE]`: the packet's path, and every step with its reason; needs no host. */
export const explain = defineCommand({
  name: "explain",
  summary: "show a packet's path, hop by hop, and the reason for every step; needs no host",
  parameters: {
    what: {
      ...argument("<mode|file>", "a mode or feature by its name, a topology file, or a playbook of your own"),
      suggest: async () => (await import("../../app/playbook-names.ts")).playbookNames(),
    },
    service: { ...optionalArgument("[service]", "only this service of the topology"), namesOf: "services" },
    language: choice("--lang <language>", "en or zh; default: as LANG says", ["en", "zh"]),
  },
  formats: ["text", "json"],
  doing: (given) => `reading ${given.get("what")?.[0]}`,
  examples: [
    ["lvsctl explain dr", "what direct routing does, and why"],
    ["lvsctl explain topology.yaml", "the same for your own hosts and addresses"],
    ["lvsctl explain topology.yaml web", "only the service web"],
    ["lvsctl explain --lang zh nat", "in Chinese"],
    ["lvsctl explain publish", "a feature; also: fwmark, test-page and others"],
    ["lvsctl explain ./my-mode.yaml", "a playbook of your own"],
    ["lvsctl explain --format json topology.yaml | jq '.services[0].way.hops'"],
  ],
  async run({ values: { what, service, language = languageOf(process.env) }, stdout, print }) {
    const { explain: explainWhat } = await import("../../app/explain.ts");
    const { formatExplanation } = await import("../../report/explain-text.ts");
    const { explanationToJson } = await import("../../report/explanation.ts");
    const explanation = await explainWhat(what, language, service);
    print({ text: () => formatExplanation(explanation, stdout), json: () => explanationToJson(explanation) });
    return exitCode.ok;
  },
});

/** The language of the environment: locale(7) reads these variables in this order; an empty one counts as absent. */
function languageOf(env: NodeJS.ProcessEnv): "en" | "zh" {
  const locale = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((value) => value);
  return locale?.startsWith("zh") ? "zh" : "en";
}
