import { exitCode } from "../../errors/exit-code.ts";
import { defineCommand } from "../command.ts";
import { askingFlags } from "../flags/asking.ts";
import { defined } from "../flags/defined.ts";
import { topologyFile } from "../flags/file.ts";
import { hostFlags } from "../flags/host.ts";
import { textFlags } from "../flags/text.ts";
import { choice } from "../parameter.ts";

/** `lvsctl verify FILE`: sends requests from the clients and checks every host; changes nothing. */
export const verify = defineCommand({
  name: "verify",
  summary: "send requests from the clients, compare the answers with the scheduler, and check every host",
  groups: [hostFlags, textFlags, askingFlags],
  parameters: {
    file: topologyFile,
    from: choice("--from <origin>", "where requests come from; default: the topology's clients, if it has any", [
      "clients",
      "local",
    ]),
  },
  formats: ["text", "json"],
  examples: [
    ["lvsctl verify topology.yaml"],
    ["lvsctl verify --from local topology.yaml", "send the requests from this machine"],
    ["lvsctl verify --timeout 15 --only web topology.yaml", "only one service, with a longer timeout"],
    ["lvsctl verify --format json topology.yaml | jq .services"],
  ],
  async run({ values: { file, from }, options, stdout, print }) {
    const { verifyTopology } = await import("../../app/verify.ts");
    const { formatVerification, verificationToJson } = await import("../../report/verification.ts");
    const given = { ...options, file };
    const verification = await verifyTopology(file, { ...options, given, ...defined({ from }) });
    print({
      text: () => formatVerification(verification, given, stdout),
      json: () => verificationToJson(verification),
    });
    return verification.ok ? exitCode.ok : exitCode.verificationFailed;
  },
});
