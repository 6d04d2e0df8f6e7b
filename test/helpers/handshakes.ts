/** Which TCP handshakes a SYN proxy has seen, and which of them reached the real servers. */
import type { LabUnderTest } from "./lab-under-test.ts";

/** Makes hosts count the SYN packets that reach one of their ports. */
export async function watchSyns(lab: LabUnderTest, hosts: readonly string[], port: number): Promise<void> {
  await Promise.all(hosts.map((host) => lab.on(host, `iptables -t raw -A PREROUTING -p tcp --dport ${port} --syn`)));
}

/** How many SYN packets the watched hosts have received. */
export async function countSyns(lab: LabUnderTest, hosts: readonly string[]): Promise<number> {
  const read = "iptables -t raw -nvxL PREROUTING | awk '/dpt:/ {print $1}'";
  const counts = await Promise.all(hosts.map((host) => lab.on(host, read)));
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

/** A column of the SYN proxy's counters on a host, summed over all processors. */
export async function handshakes(lab: LabUnderTest, host: string, column: string): Promise<number> {
  const [head = "", ...rows] = (await lab.on(host, "cat /proc/net/stat/synproxy")).trim().split("\n");
  const at = head.split(/\s+/).indexOf(column);
  return rows.reduce((sum, row) => sum + Number.parseInt(row.split(/\s+/)[at] ?? "", 16), 0);
}

/** Begins three handshakes from a client that never finishes them, because it ignores the answers. */
export async function unfinished(lab: LabUnderTest, client: string, url: string): Promise<void> {
  await lab.on(
    client,
    `iptables -A INPUT -p tcp --sport 80 -j DROP
for again in 1 2 3; do
  curl -s ${url} & curl=$!
  # Until its socket has sent a SYN: state 2, to port 80 (0x50).
  until grep -q ':0050 02 ' /proc/net/tcp; do kill -0 $curl || exit 1; sleep 0.1; done
  kill $curl
  wait $curl && exit 1
done
iptables -D INPUT -p tcp --sport 80 -j DROP`,
  );
}
