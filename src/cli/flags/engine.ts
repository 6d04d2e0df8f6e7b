/** How a lab is brought up. */
import type { LabUpOptions } from "../../app/lab.ts";
import { defineGroup } from "../command.ts";
import { choice } from "../parameter.ts";
import { defined } from "./defined.ts";

/** Which kernel the hosts of a lab get. */
export const engineFlags = defineGroup({
  parameters: {
    engine: choice(
      "--engine <engine>",
      "native: this machine's kernel; uml: User-Mode Linux; qemu: the distribution's kernel in a virtual machine, slow; by default native or uml, what works",
      ["native", "uml", "qemu"],
    ),
  },
  options: ({ engine }, { stderr }): LabUpOptions => ({
    ...defined({ engine }),
    onProgress: (message) => stderr.write(`${message}\n`),
  }),
});
