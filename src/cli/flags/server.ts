/** The real server that a command drains or undrains. */
import type { DrainSubject } from "../../app/drain.ts";
import { defineGroup } from "../command.ts";
import { anyText, argument, value } from "../parameter.ts";
import { defined } from "./defined.ts";
import { topologyFile } from "./file.ts";

/** A real server of a topology file, in one of its services or in all of them. */
export const realServer = defineGroup({
  parameters: {
    file: topologyFile,
    server: {
      ...argument("<real-server>", "the real server, by its host's name in the topology"),
      namesOf: "real-servers",
    },
    service: { ...value("--service <name>", "in this service only", anyText), namesOf: "services" },
  },
  options: ({ file, server, service }): { readonly subject: DrainSubject } => ({
    subject: { file, server, ...defined({ service }) },
  }),
});
