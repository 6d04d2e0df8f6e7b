/** ARP rules on this kernel, by arptables-nft; legacy needs a kernel with arp_tables and is tried in the lab. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { arptablesRule } from "../../src/resources/arptables-rule.ts";
import { changesTo, make, statesOf, thereAndBack } from "./there-and-back.ts";
import { type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

const SELECT_NFT = `set -e
cp -a /etc/alternatives /run/alternatives
mount --bind /run/alternatives /etc/alternatives
ln -sf /usr/sbin/arptables-nft /etc/alternatives/arptables
arptables-nft -N SOMEBODYS
arptables-nft -A SOMEBODYS -s 192.0.2.7 -j DROP
arptables-nft -A INPUT -j SOMEBODYS`;
const DUMP = "arptables-nft-save | grep -v '^#'";

const written = [
  { chain: "INPUT", destination: "172.16.10.10", target: "DROP" },
  { chain: "OUTPUT", source: "172.16.10.10", target: "mangle", mangleSource: "172.16.20.20" },
  { chain: "INPUT", destination: "172.16.11.0/24", target: "DROP" },
];

let host: ThrowAwayHost;
beforeAll(async () => {
  host = await throwAwayHost();
  expect(await host.run(SELECT_NFT)).toMatchObject({ status: 0, stderr: "" });
});
afterAll(() => host.end());

test("rules are found again, and leave nothing behind, beside somebody's", async () => {
  await thereAndBack(host, arptablesRule, written, DUMP);
  await thereAndBack(host, arptablesRule, written.slice(1, 2), DUMP);
});

test("what a flush removed is restored", async () => {
  const desired = statesOf(arptablesRule, written);
  const before = await host.observe(arptablesRule, desired);
  await make(host, arptablesRule, changesTo(arptablesRule, desired, before), before);
  const planned = (await host.run(DUMP)).stdout;
  await host.run("arptables-nft -F LVSCTL-web-lab-INPUT; arptables-nft -D INPUT -j LVSCTL-web-lab-INPUT");
  const flushed = await host.observe(arptablesRule, desired);
  expect(changesTo(arptablesRule, desired, flushed)).toHaveLength(3);
  await make(host, arptablesRule, changesTo(arptablesRule, desired, flushed), flushed);
  expect((await host.run(DUMP)).stdout).toBe(planned);
});
