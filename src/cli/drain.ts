import type { DrainSubject } from "../app/drain.ts";
import { exitCode } from "../errors/exit-code.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { thisMachine } from "../machine/this-machine.ts";
import { type HostFlags, hostOptions, outputs, type TextFlags, withHostFlags, withTextFlags } from "./options.ts";
import type { Registry } from "./registry.ts";
import { exitOfRun } from "./run-exit.ts";
import { type ChangeFlags, orZero, runFlags, withChangeFlags } from "./run-flags.ts";

const DRAIN_EXAMPLES = `
What happens: the real server gets weight 0 on all of its directors, live, in one confirmed run; then lvsctl waits until its
connections have ended. An inactive connection, closed in one direction or of UDP, has ended when it has moved no packet
for three seconds. The real server stays drained through every apply, and every plan says so.
When the time is over before that, it stays drained, and the exit code is 1.

Examples:
  lvsctl drain topology.yaml rs1                          before work on rs1
  lvsctl drain topology.yaml rs1 --service web            in this service alone
  lvsctl drain topology.yaml rs1 --drain-timeout 0        do not wait
  lvsctl undrain topology.yaml rs1`;

const UNDRAIN_EXAMPLES = `
Example:
  lvsctl undrain topology.yaml rs1`;

interface Flags extends HostFlags, TextFlags, ChangeFlags {
  readonly service?: string;
}

/** `lvsctl drain FILE RS`: no new connections, and waits for those that are open. */
export function registerDrain(registry: Registry): void {
  withServer(registry, "drain", "take a real server out of service, and wait until its connections have ended")
    .option("--drain-timeout <seconds>", "how long to wait; 0: not at all", orZero, 300)
    .addHelpText("after", DRAIN_EXAMPLES)
    .action(async (file: string, server: string, flags: Flags & { readonly drainTimeout: number }) => {
      const { drainServer } = await import("../app/drain.ts");
      const { createRunView, formatOutcome } = await import("../report/run-view.ts");
      const { formatDrained, openText, watchDrain } = await import("../report/drain.ts");
      const { stdout, stderr } = outputs(flags);
      const view = createRunView({ stdout, stderr, verbosity: flags.verbose, yes: flags.yes ?? false, isQuiet: false });
      const { drainTimeout: waitSeconds } = flags;
      let isWaiting = false;
      const heard = () => (isWaiting ? `${server} stays drained` : "taking back what was done");
      const options = { ...hostOptions(flags, stderr), ...runFlags(flags, stderr, heard), waitSeconds };
      const show = watchDrain(server, stderr, thisMachine.clock);
      const onOpen = (open: Parameters<typeof show>[0]) => {
        isWaiting = true;
        show(open);
      };
      const { run, wait } = await drainServer(subjectFrom(file, server, flags), { ...options, onOpen }, view);
      if (run.result === "ran") stderr.write(formatOutcome(run.outcome, stderr));
      registry.exit(wait?.result === "interrupted" ? exitCode.interrupted : exitOfRun(run));
      if (run.result === "declined" || exitOfRun(run) !== exitCode.ok) return;
      if (wait?.result !== "timed-out") stdout.write(formatDrained(server, wait, stdout));
      else throw notEnded(server, openText(wait.open), waitSeconds);
    });
}

/** `lvsctl undrain FILE RS`: the weight of the topology again. */
export function registerUndrain(registry: Registry): void {
  withServer(registry, "undrain", "give a drained real server connections again")
    .addHelpText("after", UNDRAIN_EXAMPLES)
    .action(async (file: string, server: string, flags: Flags) => {
      const { undrainServer } = await import("../app/drain.ts");
      const { createRunView, formatOutcome } = await import("../report/run-view.ts");
      const { stdout, stderr } = outputs(flags);
      const view = createRunView({ stdout, stderr, verbosity: flags.verbose, yes: flags.yes ?? false, isQuiet: false });
      const options = { ...hostOptions(flags, stderr), ...runFlags(flags, stderr) };
      const run = await undrainServer(subjectFrom(file, server, flags), options, view);
      if (run.result === "ran") stderr.write(formatOutcome(run.outcome, stderr));
      if (run.result === "nothing-to-do") stdout.write(`${server} is not drained.\n`);
      registry.exit(exitOfRun(run));
    });
}

function withServer({ program }: Registry, name: string, description: string) {
  return withChangeFlags(withTextFlags(withHostFlags(program.command(name).description(description))))
    .argument("<file>", "topology file")
    .argument("<real-server>", "the real server, by its host's name in the topology")
    .option("--service <name>", "in this service alone");
}

function subjectFrom(file: string, server: string, { service }: Flags): DrainSubject {
  return { file, server, ...(service === undefined ? {} : { service }) };
}

function notEnded(server: string, open: string, seconds: number): LvsctlError {
  return new LvsctlError(
    "LVS-DRAIN-002",
    `After ${seconds} s ${server} still has ${open} connections. It stays drained.`,
    {
      hint: "The same command waits on. ipvsadm -L -n -c on the director shows whose they are; what ends the real server ends them too.",
    },
  );
}
