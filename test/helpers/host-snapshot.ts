import type { LabUnderTest } from "./lab-under-test.ts";

/**
 * Everything on a host that lvsctl could touch, as text, once its IPv6 addresses are in use. Processes are expensive in a lab,
 * so irrelevant parts are filtered out here and not on the host.
 */
const SNAPSHOT = `
while [ -n "$(ip -6 -o address show tentative -dadfailed)" ]; do sleep 0.2; done
echo == iptables; iptables-save
echo == ip6tables; ip6tables-save
echo == ipvs; ipvsadm -S -n 2>/dev/null || true
echo == addresses; ip addr show
echo == routes; ip route show table all; ip -6 route show table all
echo == rules; ip rule show
echo == sysctls; grep -rHs '' /proc/sys/net /proc/sys/kernel/modprobe || true
echo == modules; cat /proc/modules
echo == files; find /var/lib /etc/sysctl.d /etc/modules-load.d /run /root /tmp 2>/dev/null || true
echo == processes; ps -eo args
`;

/** An iptables table exists, empty, as soon as somebody has looked at it. Run before a snapshot. */
export const TABLES = "for t in filter nat mangle; do iptables -t $t -S; ip6tables -t $t -S; done >/dev/null\n";

/** For each section, lines to ignore, and parts of lines that count time or packets. */
const PASSING: Readonly<Record<string, { readonly lines?: RegExp; readonly parts?: RegExp }>> = {
  iptables: { lines: /^#|^$/, parts: /\[\d+:\d+\]/ },
  ip6tables: { lines: /^#|^$/, parts: /\[\d+:\d+\]/ },
  addresses: { parts: /valid_lft.*/ },
  routes: { parts: /expires \d*sec/ },
  sysctls: {
    lines:
      /nf_conntrack_count|\/(route|neigh)\/|random|tcp_fastopen_key|stable_secret|nf_conntrack_(max|buckets|expect_max)/,
  },
  modules: { lines: /^(?!ip_vs)/, parts: / .*/ },
  // The hosts share the machine's files: a package installed meanwhile is not lvsctl's doing.
  files: { lines: /\/netns|\/xtables\.lock$|\.log$|^\/var\/lib\/(apt|dpkg|systemd|ucf)\// },
  processes: { lines: /sshd|ps -eo|grep|sh -s|\[|sort|sed/ },
};

/** A table of iptables without anything in it, which is there as soon as somebody has looked at it. */
const EMPTY_TABLE = /^\*\w+\n(?::\w+ ACCEPT.*\n)*COMMIT$/gm;

/**
 * What comes with a tunnel's module and is not in use: its own devices, down, and their parameters. The hosts of a lab share a
 * kernel, and none of them can see whether another uses the module; so it stays.
 */
const OWN_DEVICES = "(tunl0|sit0|gre0|gretap0|erspan0|ip6tnl0|ip6gre0)";
const IDLE_TUNNELS = new RegExp(
  [
    `^\\d+: ${OWN_DEVICES}@NONE: <(NOARP|BROADCAST,MULTICAST)> `,
    "^ +link/(ipip|sit|gre|tunnel6|gre6|ether) (0\\.0\\.0\\.0|::|00:00:00:00:00:00) brd ",
    `^/proc/sys/net/ipv[46]/conf/${OWN_DEVICES}/`,
  ].join("|"),
);

/** Sections whose order means nothing. */
const UNORDERED = ["sysctls", "modules", "files"];

function lasting(text: string): string {
  const sections = text.split(/^== /m).slice(1);
  return sections
    .map((section) => {
      const [name = "", ...lines] = section.trimEnd().replaceAll(EMPTY_TABLE, "").split("\n");
      const { lines: passing = /(?!)/, parts = /(?!)/ } = PASSING[name] ?? {};
      const kept = lines.filter((line) => !passing.test(line)).map((line) => line.replace(parts, ""));
      return [`== ${name}`, ...(UNORDERED.includes(name) ? kept.toSorted() : kept)].join("\n");
    })
    .join("\n");
}

export type Snapshot = ReadonlyMap<string, string>;

/** The state of every host, by name; `first` is a script that runs on each of them beforehand. */
export async function snapshot(lab: LabUnderTest, hosts: readonly string[], first = ""): Promise<Snapshot> {
  return new Map(
    await Promise.all(hosts.map(async (host) => [host, lasting(await lab.on(host, first + SNAPSHOT))] as const)),
  );
}

/** The lines that are in only one of two snapshots, each with its host; without the idle devices of a new tunnel module. */
export function differences(before: Snapshot, after: Snapshot): readonly string[] {
  return [...before].flatMap(([host, text]) => {
    const [old, now] = [text.split("\n"), (after.get(host) ?? "").split("\n")];
    const [oldLines, nowLines] = [new Set(old), new Set(now)];
    return [
      ...old.filter((line) => !nowLines.has(line)).map((line) => `${host}: - ${line}`),
      ...now.filter((line) => !oldLines.has(line) && !IDLE_TUNNELS.test(line)).map((line) => `${host}: + ${line}`),
    ];
  });
}
