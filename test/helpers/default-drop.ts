/**
 * A packet filter as firewalls set it up: what comes in or goes through is dropped, except for logins, for what a host sends
 * to itself, and for the questions and answers by which IPv6 neighbours find each other.
 */
import type { Family } from "../../src/net/address.ts";
import type { LabUnderTest } from "./lab-under-test.ts";

const filter = (program: string, rules: readonly string[]) =>
  [
    ...["-i lo", "-p tcp --dport 22", ...rules].map((rule) => `${program} -A INPUT ${rule} -j ACCEPT`),
    `${program} -P INPUT DROP`,
    `${program} -P FORWARD DROP`,
  ].join("\n");

const FILTERS: Readonly<Record<Family, string>> = {
  4: filter("iptables", []),
  6: filter(
    "ip6tables",
    ["router", "neighbour"].flatMap((who) =>
      ["solicitation", "advertisement"].map((what) => `-p ipv6-icmp --icmpv6-type ${who}-${what}`),
    ),
  ),
};

/** Sets it up on these hosts; docs/modes.md counts the services that are verified from now on. */
export async function dropByDefault(
  lab: LabUnderTest,
  hosts: readonly string[],
  families: readonly Family[] = [4],
): Promise<void> {
  const script = families.map((family) => FILTERS[family]).join("\n");
  await Promise.all(hosts.map((host) => lab.on(host, script)));
  lab.noteDropping(hosts, families);
}
