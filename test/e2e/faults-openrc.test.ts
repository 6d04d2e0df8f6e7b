/** What goes wrong on whole machines with OpenRC in the middle of a run: the disk, /run, the link, sshd, the timers. */
import { describeFaults, diskFaults, runFaults, timerFaults, wayFaults } from "../helpers/fault-cases.ts";

describeFaults({ name: "e2e-faults-rc", init: "openrc" }, diskFaults, runFaults, wayFaults, timerFaults);
