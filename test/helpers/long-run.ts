/**
 * Whether this run may take its time: `npm run test:long`. `npm test` skips the files below, and the tests that check this
 * themselves. docs/testing.md lists the faster tests that show the same things.
 */
export const isLongRun = process.env["LVSCTL_LONG"] === "1";

/** In test/e2e. */
export const longFiles: readonly string[] = [
  "arptables",
  "busybox",
  "cases",
  "conflicts",
  "conntrack",
  "datagrams",
  "drift",
  "entries",
  "faults-kill",
  "ftp-and-sip",
  "fullnat-protocols",
  "internet",
  "live-edit",
  "management",
  "marks-live",
  "mixed-modes",
  "nat-redirects",
  "own-address",
  "own-modes",
  "preflight",
  "publish",
  "publish-gateway",
  "qemu",
  "removed-hosts",
  "roles",
  "schedulers",
  "services",
  "several",
  "sharing",
  "synproxy",
  "synproxy-director",
  "translation-ipv6",
  "translation-marks",
  "tun-families",
  "tun-ipv6",
  "tun-live",
  "tun-loose",
  "tun-options",
  "unmanaged",
  "verify-kinds",
];
