/** What goes wrong on a host in the middle of a run: commands, the disk, the clock; and lvsctl itself is killed. */
import {
  clockFaults,
  commandFaults,
  describeFaults,
  diskFaults,
  runFaults,
  timerFaults,
} from "../helpers/fault-cases.ts";
import { isLongRun } from "../helpers/long-run.ts";

describeFaults(
  { name: "e2e-faults-hosts" },
  ...[commandFaults, diskFaults, clockFaults, timerFaults],
  ...(isLongRun ? [runFaults] : []),
);
