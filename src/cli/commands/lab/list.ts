import { exitCode } from "../../../errors/exit-code.ts";
import { defineCommand } from "../../command.ts";

/** `lvsctl lab list`. */
export const list = defineCommand({
  name: "list",
  summary: "a table of the labs on this machine: since when, which kernel, which hosts, which file",
  formats: ["text", "json"],
  async run({ print }) {
    const { listLabs } = await import("../../../app/lab.ts");
    const { formatLabList, labsToJson } = await import("../../../report/labs.ts");
    const labs = await listLabs();
    print({ text: () => formatLabList(labs), json: () => labsToJson(labs) });
    return exitCode.ok;
  },
});
