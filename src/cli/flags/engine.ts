/** How a lab is brought up. */
import type { LabUpOptions } from "../../app/lab.ts";
import { defineGroup } from "../command.ts";
import { choice } from "../parameter.ts";
import { defined } from "./defined.ts";

/** Which kernel and which init the hosts of a lab get. */
export const engineFlags = defineGroup({
  parameters: {
    engine: choice(
      "--engine <engine>",
      "native: this machine's kernel; uml: User-Mode Linux; qemu: the distribution's kernel in a virtual machine, slow; by default native or uml, what works",
      ["native", "uml", "qemu"],
    ),
    init: choice(
      "--init <init>",
      "systemd, openrc: hosts on which that is PID 1, which can be restarted like machines; by default only sshd runs",
      ["systemd", "openrc"],
    ),
  },
  options: ({ engine, init }, { stderr }): LabUpOptions => ({
    ...defined({ engine, init }),
    onProgress: (message) => stderr.write(`${message}\n`),
  }),
});
