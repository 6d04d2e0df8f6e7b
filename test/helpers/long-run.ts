/**
 * Whether this run may take its time: `npm run test:long`. `npm test` skips the files below, and the tests that check this
 * themselves. docs/testing.md lists the faster tests that show the same things.
 */
export const isLongRun = process.env["LVSCTL_LONG"] === "1";

/**
 * Of cases that are tried in several ways: in a long run all of them, otherwise those whose turn it is. Each case is then
 * tried in one of the ways, and each way with its share of the cases.
 */
export function shareOf<Case, Way>(cases: readonly Case[], way: Way, ways: readonly Way[]): readonly Case[] {
  const own = ways.indexOf(way);
  if (own < 0) throw new Error(`${way} is none of ${ways.join(", ")}`);
  return isLongRun ? cases : cases.filter((_, turn) => turn % ways.length === own);
}

/** Of cases of which each shows nearly what its neighbours do: in a long run all of them, otherwise every nth. */
export const everyNth = <Case>(cases: readonly Case[], nth: number): readonly Case[] =>
  isLongRun ? cases : cases.filter((_, turn) => turn % nth === 0);

/** How many random cases to try: all of them in a long run, a quarter otherwise. */
export const randomCases = (count: number): number => (isLongRun ? count : Math.ceil(count / 4));

/** What is done with every file of test/fixtures/topology, besides the comparison with what was recorded. */
export const WAYS_TO_JUDGE = ["the words", "the order", "copies of the modes"] as const;

/** In test. They start npm, or shells that take long to start. */
export const longSocketsFiles: readonly string[] = ["cli/completion-shells", "packaging/tarball"];

/** In test/e2e. */
export const longFiles: readonly string[] = [
  "apparmor",
  "arptables",
  "busybox",
  "busybox-hosts",
  "cases",
  "conflicts",
  "conntrack",
  "datagrams",
  "drift",
  "entries",
  "faults-kill",
  "faults-openrc",
  "faults-systemd",
  "firewalls",
  "ftp-and-sip",
  "fullnat-protocols",
  "install",
  "internet",
  "lab-commands",
  "live-edit",
  "management",
  "marks-live",
  "mixed-modes",
  "modes-in-turn",
  "nat-one-arm",
  "nat-redirects",
  "netplan",
  "network-managers",
  "on-link",
  "openrc",
  "own-address",
  "own-clients",
  "own-modes",
  "package-managers",
  "pages",
  "power-cuts",
  "power-cuts-openrc",
  "preflight",
  "publish",
  "publish-gateway",
  "qemu",
  "removed-hosts",
  "restricted-hosts",
  "roles",
  "schedulers",
  "services",
  "services-beside",
  "several",
  "sharing",
  "source-check",
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
  "unmanaged-roles",
  "verify-kinds",
];
