import { exitCode } from "../../errors/exit-code.ts";
import { defineCommand } from "../command.ts";
import { argumentList, on } from "../parameter.ts";

/** `lvsctl validate FILE…`: everything that is wrong with topology files; needs no host. */
export const validate = defineCommand({
  name: "validate",
  summary: "check topology files: where each mistake or warning is, why, and how to fix it; needs no host",
  parameters: {
    files: argumentList("<file...>", "topology files"),
    strict: on("--strict", "treat warnings as mistakes: exit code 64"),
  },
  formats: ["text", "json", "github"],
  doing: (given) => `checking ${given.get("files")?.join(", ")}`,
  examples: [
    ["lvsctl validate topology.yaml"],
    ["lvsctl validate --format github *.yaml", "annotations in a pull request"],
    ["lvsctl validate --format json topology.yaml | jq .problems"],
  ],
  async run({ values, stdout, print }) {
    const { validateFiles } = await import("../../app/validate.ts");
    const { formatAnnotations, formatValidation, validationToJson } = await import("../../report/validation.ts");
    const files = await validateFiles(values.files, values.strict);
    print({
      text: () => formatValidation(files, stdout),
      json: () => validationToJson(files),
      github: () => formatAnnotations(files),
    });
    const isGood = files.every(({ problems }) => problems.length === 0);
    return isGood ? exitCode.ok : exitCode.usage;
  },
});
