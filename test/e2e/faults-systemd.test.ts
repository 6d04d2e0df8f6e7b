/** What goes wrong on whole machines with systemd in the middle of a run: commands, the disk, /run, the link, sshd, the timers. */
import {
  commandFaults,
  describeFaults,
  diskFaults,
  runFaults,
  sshdFaults,
  timerFaults,
  wayFaults,
} from "../helpers/fault-cases.ts";

describeFaults(
  { name: "e2e-faults-sd", init: "systemd" },
  ...[diskFaults, runFaults, timerFaults, sshdFaults, wayFaults, commandFaults],
);
