/**
 * Whether a run takes the time for everything: `npm run test:long`, an hour on two processors. `npm test` leaves out the files
 * below, and some faults of each kind. docs/faults.md is made of the long run.
 */
export const isLongRun = process.env["LVSCTL_LONG"] === "1";

/** In test/e2e: what they show, others show in part. */
export const longFiles: readonly string[] = [
  "faults-kill",
  "fullnat-protocols",
  "publish-gateway",
  "schedulers",
  "sharing",
  "translation-ipv6",
  "translation-marks",
  "tun-options",
];
