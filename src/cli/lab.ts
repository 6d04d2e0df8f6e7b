import { type Command, Option } from "commander";
import type { LabUpOptions } from "../app/lab.ts";
import type { Output } from "../report/output.ts";
import { onInterrupt } from "./interrupt.ts";
import { formatOption, outputs } from "./options.ts";
import type { Registry } from "./registry.ts";

const EXAMPLES = `
A lab makes every host of a topology on this machine: network namespaces with roots and sshds of their own, joined as the
topology says, and nothing of LVS on them. Where this kernel has no IPVS, User-Mode Linux brings one that has, as an
ordinary process. With --engine qemu the hosts run on the distribution's own kernel in a virtual machine: slower, but with
nf_tables behind iptables. Where /boot has no kernel that will do, one is fetched once, into /var/cache/lvsctl/kernels, and
not installed. No packet of a lab leaves the machine. It needs root.

Examples:
  sudo lvsctl lab up examples/dr.yaml
  sudo lvsctl apply --lab examples/dr.yaml        --lab works with every command that has hosts
  sudo lvsctl lab ssh examples/dr.yaml dr -- ipvsadm -Ln
  sudo lvsctl lab status
  sudo lvsctl lab down examples/dr.yaml
  sudo lvsctl lab up --engine qemu examples/dr.yaml
  sudo lvsctl lab run examples/dr.yaml -- lvsctl apply --yes --lab examples/dr.yaml`;

interface UpFlags {
  readonly engine?: "native" | "uml" | "qemu";
  readonly color: boolean;
}

/** `lvsctl lab up|down|status|ssh|run`: the hosts of a topology on this machine. */
export function registerLab({ program, exit }: Registry): void {
  const lab = program.command("lab").description("make the hosts of a topology on this machine, to learn and to test");
  lab.addHelpText("after", EXAMPLES);
  withUpFlags(lab.command("up").description("make the hosts").argument("<file>", "topology file")).action(
    async (file: string, flags: UpFlags) => {
      const { bringUpLab } = await import("../app/lab.ts");
      const { formatLabUp } = await import("../report/labs.ts");
      const { stdout, stderr } = outputs(flags);
      stdout.write(formatLabUp(await bringUpLab(file, upOptions(flags, stderr)), file));
    },
  );
  lab
    .command("down")
    .description("take a lab down and leave nothing of it")
    .argument("<file|name>", "topology file, or the lab's name")
    .action(async (fileOrName: string) => {
      const { takeDownLab } = await import("../app/lab.ts");
      const { name, wasUp } = await takeDownLab(fileOrName);
      outputs({ color: true }).stderr.write(
        wasUp ? `Lab ${name} is down; nothing of it is left.\n` : `There is no lab ${name}; nothing to do.\n`,
      );
    });
  lab
    .command("status")
    .description("the labs on this machine")
    .argument("[file|name]", "only this one")
    .addOption(formatOption("text", "json"))
    .action(async (fileOrName: string | undefined, flags: { format: string }) => {
      const { listLabs } = await import("../app/lab.ts");
      const { formatLabs } = await import("../report/labs.ts");
      outputs({ color: true }).stdout.write(formatLabs(await listLabs(fileOrName), flags.format));
    });
  lab
    .command("ssh")
    .description("log in to a host of a lab, or run a command there")
    .argument("<file|name>", "topology file, or the lab's name")
    .argument("<host>", "host of the topology")
    .argument("[command...]", "command to run, after --")
    .action(async (fileOrName: string, host: string, argv: string[]) => {
      const { sshIntoLab } = await import("../app/lab.ts");
      exit(await sshIntoLab(fileOrName, host, argv));
    });
  registerRun(lab, exit);
}

function registerRun(lab: Command, exit: Registry["exit"]): void {
  withUpFlags(
    lab
      .command("run")
      .description("make the hosts, run a command on this machine, take the hosts down")
      .argument("<file>", "topology file")
      .argument("<command...>", "command to run, after --"),
  ).action(async (file: string, argv: string[], flags: UpFlags) => {
    const { runInTemporaryLab } = await import("../app/lab.ts");
    const { stderr } = outputs(flags);
    exit(await runInTemporaryLab(file, upOptions(flags, stderr), argv));
  });
}

function withUpFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--engine <engine>",
        "native: this machine's kernel; uml: User-Mode Linux; qemu: the distribution's kernel in a virtual machine, slow; by default native or uml, what works",
      ).choices(["native", "uml", "qemu"]),
    )
    .option("--no-color", "no colours (also: NO_COLOR)");
}

function upOptions({ engine }: UpFlags, stderr: Output): LabUpOptions {
  return {
    ...(engine === undefined ? {} : { engine }),
    onProgress: (message) => stderr.write(`${message}\n`),
    signal: onInterrupt(stderr),
  };
}
