/**
 * Whether a run takes the time for everything: `npm run test:long`. `npm test` leaves out the files below, and what tests
 * ask about by themselves. docs/testing.md says what shows the same thing in less time.
 */
export const isLongRun = process.env["LVSCTL_LONG"] === "1";

/** In test/e2e. */
export const longFiles: readonly string[] = [
  "arptables",
  "busybox",
  "conflicts",
  "conntrack",
  "datagrams",
  "drift",
  "faults-kill",
  "fullnat-protocols",
  "live-edit",
  "management",
  "nat-redirects",
  "preflight",
  "publish",
  "publish-gateway",
  "qemu",
  "roles",
  "schedulers",
  "services",
  "sharing",
  "synproxy",
  "synproxy-director",
  "translation-ipv6",
  "translation-marks",
  "tun-ipv6",
  "tun-live",
  "tun-options",
];
