/**
 * Whether a run takes the time for every fault and every moment: LVSCTL_LONG=1. `npm test` takes some of each; docs/faults.md
 * is made of the long run.
 */
export const isLongRun = process.env["LVSCTL_LONG"] === "1";
