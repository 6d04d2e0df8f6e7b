import { SCRIPT_FILE } from "../../src/ledger/pending.ts";

/** Finds the process of a run's timer by its command line, and not whoever is looking for it. */
export const TIMER = `${SCRIPT_FILE} watc[h]`;

/**
 * Shell text that prints the processes of timers that stay. One that is told to end, or ends by itself, may take a moment:
 * it is waited for as long as it does not sleep.
 */
export const timersLeft = `while timers=$(pgrep -d, -f '${TIMER}'); do
if ps -o stat=,comm= --ppid "$timers" | grep -q '^S.* sleep$'; then echo "$timers"; break; fi
sleep 0.1
done`;
