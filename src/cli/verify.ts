import { Option } from "commander";
import { exitCode } from "../errors/exit-code.ts";
import {
  formatOption,
  type HostFlags,
  hostOptions,
  outputs,
  type TextFlags,
  withHostFlags,
  withTextFlags,
} from "./options.ts";
import type { Registry } from "./registry.ts";

const EXAMPLES = `
Examples:
  lvsctl verify topology.yaml
  lvsctl verify --from local topology.yaml     send the requests from this machine
  lvsctl verify --format json topology.yaml | jq .services`;

interface Flags extends HostFlags, TextFlags {
  readonly format: string;
  readonly from?: "clients" | "local";
}

/** `lvsctl verify FILE`: requests from the clients, and a look at every host; touches nothing. */
export function registerVerify({ program, exit }: Registry): void {
  const command = program
    .command("verify")
    .description("send requests from the clients, compare the answers with the scheduler, and look at every host");
  withTextFlags(withHostFlags(command))
    .argument("<file>", "topology file")
    .addOption(
      new Option(
        "--from <origin>",
        "where requests come from; by default the clients, where the topology has any",
      ).choices(["clients", "local"]),
    )
    .addOption(formatOption("text", "json"))
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: Flags) => {
      const { verifyTopology } = await import("../app/verify.ts");
      const { formatVerification, verificationToJson } = await import("../report/verification.ts");
      const { stdout, stderr } = outputs(flags);
      const options = { ...hostOptions(flags, stderr), ...(flags.from ? { from: flags.from } : {}) };
      const verification = await verifyTopology(file, options);
      if (flags.format === "json") stdout.write(`${JSON.stringify(verificationToJson(verification), undefined, 2)}\n`);
      else stdout.write(formatVerification(verification, stdout));
      exit(verification.ok ? exitCode.ok : exitCode.verificationFailed);
    });
}
