/** How a lab is brought up. */
import { InvalidArgumentError } from "commander";
import type { LabUpOptions } from "../../app/lab.ts";
import { defineGroup } from "../command.ts";
import { choice, listOf, value } from "../parameter.ts";
import { defined } from "./defined.ts";

/** Which kernel, which init and which packages the hosts of a lab get. */
export const engineFlags = defineGroup({
  duration: "always",
  parameters: {
    engine: choice(
      "--engine <engine>",
      "native: this machine's kernel; uml: User-Mode Linux; qemu: the distribution's kernel in a virtual machine, slow; default: native if this kernel supports IPVS, otherwise uml",
      ["native", "uml", "qemu"],
    ),
    init: choice(
      "--init <init>",
      "systemd, openrc: run it as PID 1 on every host, so that hosts can be restarted like machines; default: only sshd runs",
      ["systemd", "openrc"],
    ),
    packages: value(
      "--packages <name,…>",
      "additional Debian packages for the hosts, downloaded once and not installed on this machine; their services are not started",
      packageNames,
    ),
  },
  options: ({ engine, init, packages }, { stderr, stopwatch }): LabUpOptions => ({
    ...defined({ engine, init, packages }),
    onProgress: (message) => stderr.write(`${`${Math.floor(stopwatch.seconds)} s`.padStart(5)}  ${message}\n`),
  }),
});

/** Source: Debian Policy, section 5.6.1. */
const PACKAGE = /^[a-z0-9][a-z0-9+.-]+$/;

function packageNames(text: string): readonly string[] {
  const names = listOf(text);
  const wrong = names.find((name) => !PACKAGE.test(name));
  if (wrong !== undefined) throw new InvalidArgumentError(`${wrong} is not a package's name.`);
  return names;
}
