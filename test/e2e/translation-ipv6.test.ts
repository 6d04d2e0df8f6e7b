/** NAT and FullNAT by IPv6, each also with the SYN proxy on the director. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handshakes } from "../helpers/handshakes.ts";
import type { Snapshot } from "../helpers/host-snapshot.ts";
import type { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, peersWhileConnected, verifyWithout } from "../helpers/mode-checks.ts";
import { whoIsSilent } from "../helpers/served-page.ts";
import { emptied, upTranslations, withoutAddresses } from "../helpers/translation-lab.ts";

const NEAR = "port: 80, scheduler: rr, realServers: { rs1: { port: 8080 }, rs2: { port: 8080 } }, testPage: true";
const FAR = NEAR.replace("rs1", "far1").replace("rs2", "far2");

const SERVICES = `
  nat: { mode: nat, vip: "2001:db8:10::10", ${NEAR} }
  nat-proxied: { mode: nat, vip: "2001:db8:10::11", ${NEAR}, synproxy: { on: lb } }
  masked: { mode: nat, masquerade: true, vip: "2001:db8:10::12", ${FAR} }
  full: { mode: fullnat, vip: "2001:db8:10::13", ${FAR}, localAddresses: ["2001:db8:10::201", "2001:db8:10::202"] }
  full-proxied: { mode: fullnat, vip: "2001:db8:10::14", ${FAR}, localAddresses: ["2001:db8:10::203"], synproxy: { on: lb } }
`;

const ASKED = {
  nat: "[2001:db8:10::10]",
  "nat-proxied": "[2001:db8:10::11]",
  masked: "[2001:db8:10::12]",
  full: "[2001:db8:10::13]",
  "full-proxied": "[2001:db8:10::14]",
};

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  ({ lab, before } = await upTranslations("e2e-ipv6", SERVICES));
});

afterAll(() => lab?.down());

describe("address translation by IPv6", () => {
  it("applies, and requests alternate; the SYN proxy has had each handshake of the services before which it stands", async () => {
    const valid = await handshakes(lab, "lb", "cookie_valid").catch(() => 0);
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    for (const name of ["nat", "nat-proxied"]) expect(stdout).toContain(`✓ ${name}: rr: rs1 2, rs2 2`);
    for (const name of ["masked", "full", "full-proxied"]) expect(stdout).toContain(`✓ ${name}: rr: far1 2, far2 2`);
    expect(await handshakes(lab, "lb", "cookie_valid")).toBe(valid + 8);
  });

  it("shows real servers the client with NAT, the director's own address with masquerading, a LIP with FullNAT", async () => {
    await lab.ensureApplied();
    const peersAt = (hosts: readonly string[]) =>
      peersWhileConnected(
        lab,
        "client",
        Object.values(ASKED).map((address) => `${address}:80`),
        { hosts, port: 8080 },
      );
    expect(await peersAt(["rs1", "rs2"])).toEqual(["2001:db8:2::253"]);
    const far = await peersAt(["far1", "far2"]);
    expect(far.filter((peer) => !/::20[12]$/.test(peer))).toEqual(["2001:db8:10::203", "2001:db8:10::5"]);
    expect(far).toHaveLength(3);
  });

  it("has entered the services by IPv6, with other ports behind", async () => {
    await lab.ensureApplied();
    const table = await lab.on("lb", "ipvsadm -S -n; ipvsadm -L -n");
    expect(table).toContain(
      [
        "-A -t [2001:db8:10::13]:80 -s rr",
        "-a -t [2001:db8:10::13]:80 -r [2001:db8:30::11]:8080 -m -w 1",
        "-a -t [2001:db8:10::13]:80 -r [2001:db8:30::12]:8080 -m -w 1",
      ].join("\n"),
    );
    expect(table).toMatch(/^ {2}-> \[2001:db8:57::11\]:8080 +Masq +1 /m);
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  describe("without one of its parts", () => {
    const [noSources, sources] = emptied("nat", "POSTROUTING", 6);
    const [noProxy, proxy] = emptied("filter", "INPUT", 6);
    const [noReplies, replies] = emptied("filter", "FORWARD", 6);
    const addresses = ["10", "201", "202"].map((end) => `2001:db8:10::${end}/128`);
    const [noAddresses, ownAddresses] = withoutAddresses("eth0", ...addresses);
    const twins = [
      {
        name: "forwarding",
        take: "echo 0 >/proc/sys/net/ipv6/conf/all/forwarding",
        mend: "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding",
        silent: Object.keys(ASKED),
        says: /lb: sysctl net\.ipv6\.conf\.all\.forwarding = 1 differs from the topology/,
      },
      {
        name: "connections that netfilter sees",
        take: "echo 0 >/proc/sys/net/ipv4/vs/conntrack",
        mend: "echo 1 >/proc/sys/net/ipv4/vs/conntrack",
        silent: ["nat-proxied", "masked", "full", "full-proxied"],
        says: /lb: sysctl net\.ipv4\.vs\.conntrack = 1 differs from the topology/,
      },
      {
        name: "the rules that change the source",
        take: noSources,
        mend: sources,
        silent: ["masked", "full", "full-proxied"],
        says: /lb: ip6tables -t nat .* -j SNAT --to-source 2001:db8:10::202 is missing/,
      },
      {
        name: "the SYN proxy's rules",
        take: noProxy,
        mend: proxy,
        silent: ["full-proxied"],
        says: /lb: ip6tables -t filter .* -d 2001:db8:10::11\/128 .* -j SYNPROXY .* is missing/,
      },
      {
        name: "the VIP and the local addresses of two services",
        take: noAddresses,
        mend: ownAddresses,
        silent: ["nat", "full"],
        says: /lb: address 2001:db8:10::201\/128 dev eth0 is missing/,
      },
      {
        name: "the rules for forwarded replies, where the policy drops",
        take: noReplies,
        mend: replies,
        silent: Object.keys(ASKED),
        says: /lb: ip6tables -t filter .* -s 2001:db8:57::11\/128 .* -j ACCEPT is missing/,
      },
    ];

    const handshakesHad = () => handshakes(lab, "lb", "cookie_valid");

    it.each(twins)("$name: $silent are not answered", async ({ take, mend, silent }) => {
      await lab.ensureApplied();
      await lab.on("lb", take);
      await lab.on("core", "ip -6 neigh flush dev eth1");
      const had = await handshakesHad();
      expect(await whoIsSilent(lab, "client", ASKED)).toEqual(silent);
      // Without its rules the proxy has no handshake, not even those of a service that goes on without it.
      if (take === noProxy) expect(await handshakesHad()).toBe(had);
      await lab.on("lb", `${mend}\nconntrack -F 2>/dev/null`);
    });

    it("verify names each of them; with all of them everybody is answered again", async () => {
      await lab.ensureApplied();
      const takes = twins.map(({ take }) => take).join("\n");
      // Backwards, because what was kept of a table lacks what had been taken before.
      const mends = twins.map(({ mend }) => mend).toReversed();
      const text = await verifyWithout(lab, "lb", takes, [...mends, "conntrack -F 2>/dev/null"].join("\n"));
      for (const { says } of twins) expect(text).toMatch(says);
      expect(await whoIsSilent(lab, "client", ASKED)).toEqual([]);
    });
  });

  it("destroys everything, on all hosts", () => expectDestroyed(lab, before));
});
