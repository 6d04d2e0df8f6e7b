import { exitCode } from "../../errors/exit-code.ts";
import { LvsctlError } from "../../errors/lvsctl-error.ts";
import { concludeRun, runViewOf } from "../changing.ts";
import { defineCommand } from "../command.ts";
import { changeFlags } from "../flags/change.ts";
import { hostFlags } from "../flags/host.ts";
import { realServer } from "../flags/server.ts";
import { textFlags } from "../flags/text.ts";
import { valueOr, wholeNumber } from "../parameter.ts";
import { endOnInterrupt } from "../run-interrupt.ts";

/** `lvsctl drain FILE RS`: stops new connections and waits for the open ones to end. */
export const drain = defineCommand({
  name: "drain",
  summary: "take a real server out of service, and wait until its connections have ended",
  groups: [hostFlags, textFlags, changeFlags, realServer],
  parameters: {
    drainTimeout: valueOr(
      "--drain-timeout <seconds>",
      "how long to wait; 0: not at all",
      wholeNumber({ orZero: true }),
      300,
    ),
  },
  details: [
    "What happens: the real server gets weight 0 on all of its directors, live, in one confirmed run; then lvsctl waits until its connections have ended. An inactive connection (UDP, or closed in one direction) counts as ended after three seconds without a packet. The real server stays drained through every apply, and every plan says so. If the timeout expires first, it stays drained, and the exit code is 1.",
  ],
  examples: [
    ["lvsctl drain topology.yaml rs1", "before work on rs1"],
    ["lvsctl drain topology.yaml rs1 --service web", "in this service only"],
    ["lvsctl drain topology.yaml rs1 --drain-timeout 0", "do not wait"],
    ["lvsctl drain --yes topology.yaml rs1", "for scripts"],
    ["lvsctl undrain topology.yaml rs1"],
  ],
  async run({ values: { drainTimeout }, options, ...terminal }) {
    const { drainServer } = await import("../../app/drain.ts");
    const { thisMachine } = await import("../../machine/this-machine.ts");
    const { formatDrained, openText, watchDrain } = await import("../../report/drain.ts");
    const { stdout, stderr } = terminal;
    const { server } = options.subject;
    const given = { ...options, ...options.subject };
    const onOpen = watchDrain(server, stderr, thisMachine.clock);
    const interruptible = endOnInterrupt(stderr, { ...options, given });
    const waiting = { ...options, given, ...interruptible, waitSeconds: drainTimeout, onOpen };
    const { run, wait } = await drainServer(options.subject, waiting, await runViewOf(terminal, waiting));
    const code = await concludeRun(run, given, stderr);
    if (run.result === "declined" || code !== exitCode.ok) return code;
    if (wait?.result === "timed-out") throw notEnded(server, openText(wait.open), drainTimeout);
    stdout.write(formatDrained(options.subject, wait, given, stdout));
    return wait?.result === "interrupted" ? exitCode.interrupted : exitCode.ok;
  },
});

function notEnded(server: string, open: string, seconds: number): LvsctlError {
  return new LvsctlError(
    "LVS-DRAIN-002",
    `After ${seconds} s ${server} still has ${open} connections. It stays drained.`,
    {
      hint: "Run the same command again to keep waiting. ipvsadm -L -n -c on the director lists the clients. Stopping the real server will cut these connections.",
    },
  );
}
