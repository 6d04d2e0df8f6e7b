import { exitCode } from "../../../errors/exit-code.ts";
import { defineCommand } from "../../command.ts";
import { optionalArgument } from "../../parameter.ts";

/** `lvsctl lab status`. */
export const status = defineCommand({
  name: "status",
  summary: "the labs on this machine",
  parameters: { lab: optionalArgument("[file|name]", "only this one") },
  formats: ["text", "json"],
  async run({ values, print }) {
    const { listLabs } = await import("../../../app/lab.ts");
    const { formatLabs, labsToJson } = await import("../../../report/labs.ts");
    const labs = await listLabs(values.lab);
    print({ text: () => formatLabs(labs), json: () => labsToJson(labs) });
    return exitCode.ok;
  },
});
