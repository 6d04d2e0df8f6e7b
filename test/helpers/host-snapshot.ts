import type { LabUnderTest } from "./lab-under-test.ts";

/** All of a host that lvsctl could touch, as text: what counts time or packets is left out. */
const SNAPSHOT = String.raw`
section() { echo "== $*"; }
section iptables; iptables-save | sed -e '/^#/d' -e 's/\[[0-9]*:[0-9]*\]//'
section ip6tables; ip6tables-save | sed -e '/^#/d' -e 's/\[[0-9]*:[0-9]*\]//'
section ipvs; ipvsadm -S -n 2>/dev/null || true
section addresses; ip addr show | sed -e 's/valid_lft.*//'
section routes; ip route show table all; ip -6 route show table all | sed -e 's/expires [0-9]*sec//'
section rules; ip rule show
section sysctls
find /proc/sys/net /proc/sys/kernel/modprobe -type f -perm -u=r 2>/dev/null | sort | grep -vE \
  'nf_conntrack_count|/(route|neigh)/|random|tcp_fastopen_key|stable_secret|nf_conntrack_(max|buckets|expect_max)' |
  xargs grep -H '' 2>/dev/null || true
section modules; cut -d' ' -f1 /proc/modules | grep ^ip_vs | sort || true
section files; find /var/lib /etc/sysctl.d /etc/modules-load.d /run /root /tmp -not -path '*/netns*' -not -name '*.log' 2>/dev/null | sort
section processes; ps -eo args | grep -vE 'sshd|ps -eo|grep|sh -s|\[|sort|sed' || true
`;

export type Snapshot = ReadonlyMap<string, string>;

/** The state of every host, by name. */
export async function snapshot(lab: LabUnderTest, hosts: readonly string[]): Promise<Snapshot> {
  return new Map(await Promise.all(hosts.map(async (host) => [host, await lab.on(host, SNAPSHOT)] as const)));
}

/** The lines that are in one of two snapshots only, each with its host. */
export function differences(before: Snapshot, after: Snapshot): readonly string[] {
  return [...before].flatMap(([host, text]) => {
    const [old, now] = [text.split("\n"), (after.get(host) ?? "").split("\n")];
    const [oldLines, nowLines] = [new Set(old), new Set(now)];
    return [
      ...old.filter((line) => !nowLines.has(line)).map((line) => `${host}: - ${line}`),
      ...now.filter((line) => !oldLines.has(line)).map((line) => `${host}: + ${line}`),
    ];
  });
}
