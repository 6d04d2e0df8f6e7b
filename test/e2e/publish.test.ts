/** A firewall that publishes services of a director that translates, with and without a SYN proxy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Snapshot } from "../helpers/host-snapshot.ts";
import type { LabUnderTest } from "../helpers/lab-under-test.ts";
import {
  expectDestroyed,
  expectNoChange,
  peersWhileConnected,
  unwrapped,
  verifyWithout,
} from "../helpers/mode-checks.ts";
import { whoIsSilent } from "../helpers/served-page.ts";
import { emptied, upTranslations } from "../helpers/translation-lab.ts";

const NEAR = "port: 80, scheduler: rr, realServers: { rs1: { port: 8080 }, rs2: { port: 8080 } }, testPage: true";
const FAR = NEAR.replace("rs1", "far1").replace("rs2", "far2");
const at = (port: number) => `publish: { on: core, address: 10.0.2.1, port: ${port} }`;

const SERVICES = `
  nat: { mode: nat, vip: 172.16.10.21, ${NEAR}, ${at(81)} }
  full: { mode: fullnat, vip: 172.16.10.22, ${FAR}, localAddresses: [172.16.10.202], ${at(82)} }
  nat-proxied: { mode: nat, vip: 172.16.10.23, ${NEAR}, ${at(83)}, synproxy: { on: core } }
  full-proxied: { mode: fullnat, vip: 172.16.10.24, ${FAR}, localAddresses: [172.16.10.204], ${at(84)}, synproxy: { on: core } }
  proxied-behind: { mode: nat, vip: 172.16.10.25, ${NEAR}, ${at(85)}, synproxy: { on: lb } }
`;

const ASKED = {
  nat: "10.0.2.1:81",
  full: "10.0.2.1:82",
  "nat-proxied": "10.0.2.1:83",
  "full-proxied": "10.0.2.1:84",
  "proxied-behind": "10.0.2.1:85",
};

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  ({ lab, before } = await upTranslations("e2e-publish", SERVICES));
});

afterAll(() => lab?.down());

describe("services published by a firewall in front of a director that translates", () => {
  it("applies, and requests for the public address alternate", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    const text = unwrapped(stdout);
    for (const [name, address] of Object.entries(ASKED))
      expect(text).toContain(`✓ ${name}: 4 of 4 requests from client to http://${address}/ were answered`);
    for (const name of ["nat", "nat-proxied", "proxied-behind"]) expect(text).toContain(`✓ ${name}: rr: rs1 2, rs2 2`);
    for (const name of ["full", "full-proxied"]) expect(text).toContain(`✓ ${name}: rr: far1 2, far2 2`);
    // Both services of one host share its counter.
    expect(text).toMatch(/✓ full-proxied: cookie_valid in \S+ on core grew by 8 during 4 answered requests/);
    expect(text).toMatch(/✓ proxied-behind: cookie_valid in \S+ on lb grew by 4 during 4 answered requests/);
    expect(status, stdout).toBe(0);
  });

  it("shows real servers the client with NAT, a local address with FullNAT", async () => {
    await lab.ensureApplied();
    const peersAt = (hosts: readonly string[]) =>
      peersWhileConnected(lab, "client", Object.values(ASKED), { hosts, port: 8080 });
    expect(await peersAt(["rs1", "rs2"])).toEqual(["10.0.2.253"]);
    expect(await peersAt(["far1", "far2"])).toEqual(["172.16.10.202", "172.16.10.204"]);
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  describe("without one of its parts", () => {
    const [noTranslation, translation] = emptied("nat", "PREROUTING");
    const [noSecond, second] = emptied("nat", "OUTPUT");
    const [noProxy, proxy] = emptied("filter", "INPUT");
    const twins = [
      {
        // A proxy's requests are its own, and translated as those.
        name: "the translation of public addresses",
        host: "core",
        take: noTranslation,
        mend: translation,
        silent: ["nat", "full", "proxied-behind"],
        says: /core: iptables -t nat .* -j DNAT --to-destination 172\.16\.10\.21:80 is missing/,
      },
      {
        name: "the translation of what the proxy itself sends",
        host: "core",
        take: noSecond,
        mend: second,
        silent: ["nat-proxied", "full-proxied"],
        says: /core: iptables -t nat .*-OUTPUT .* -j DNAT --to-destination 172\.16\.10\.23:80 is missing/,
      },
      {
        name: "the proxy's rules",
        host: "core",
        take: noProxy,
        mend: proxy,
        silent: ["nat-proxied", "full-proxied"],
        says: /core: iptables -t filter .* --dport 83 .* -j SYNPROXY .* is missing/,
      },
      {
        name: "forwarding on the firewall",
        host: "core",
        take: "echo 0 >/proc/sys/net/ipv4/ip_forward",
        mend: "echo 1 >/proc/sys/net/ipv4/ip_forward",
        silent: Object.keys(ASKED),
        says: /core: sysctl net\.ipv4\.ip_forward = 1 differs from the topology/,
      },
      {
        name: "the director's way back through the firewall",
        host: "lb",
        take: "ip route del default; ip route add 172.16.30.0/24 via 172.16.10.1",
        mend: "ip route del 172.16.30.0/24 via 172.16.10.1; ip route add default via 172.16.10.1 proto 198",
        silent: Object.keys(ASKED),
        says: /lb: route .*172\.16\.10\.1.* is missing/,
      },
    ];

    it.each(twins)("$name: $silent are not answered", async ({ host, take, mend, silent }) => {
      await lab.ensureApplied();
      await lab.on(host, take);
      expect(await whoIsSilent(lab, "client", ASKED)).toEqual(silent);
      await lab.on(host, `${mend}\nconntrack -F 2>/dev/null`);
    });

    it("verify names each of them; with all of them everybody is answered again", async () => {
      await lab.ensureApplied();
      const scripts = (on: string, script: "take" | "mend") =>
        twins.filter(({ host }) => host === on).map((twin) => twin[script]);
      const [lbTakes, lbMends] = [scripts("lb", "take").join("\n"), scripts("lb", "mend").join("\n")];
      await lab.on("lb", lbTakes);
      const mends = [...scripts("core", "mend").toReversed(), "conntrack -F 2>/dev/null"];
      const text = await verifyWithout(lab, "core", scripts("core", "take").join("\n"), mends.join("\n"));
      await lab.on("lb", `${lbMends}\nconntrack -F 2>/dev/null`);
      for (const { says } of twins) expect(text).toMatch(says);
      expect(await whoIsSilent(lab, "client", ASKED)).toEqual([]);
    });
  });

  it("destroys everything, on all hosts", () => expectDestroyed(lab, before));
});
