/** Services by firewall mark, and for every port, where the director translates addresses: NAT, also with masquerading, FullNAT. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Snapshot } from "../helpers/host-snapshot.ts";
import type { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, peersWhileConnected, verifyWithout } from "../helpers/mode-checks.ts";
import { realServersOf, whoAnswers, whoIsSilent } from "../helpers/served-page.ts";
import { emptied, upTranslations } from "../helpers/translation-lab.ts";

const MATCH = "protocol: tcp, ports: [80, 8080-8081]";

/** The first two are there for their web servers only. */
const SERVICES = `
  near: { mode: nat, vip: 172.16.10.20, port: 8080, scheduler: rr, realServers: [rs1, rs2], testPage: true }
  far: { mode: nat, masquerade: true, vip: 172.16.10.21, port: 8080, scheduler: rr, realServers: [far1, far2], testPage: true }
  nat: { mode: nat, fwmark: 21, match: [{ address: 172.16.11.0/26, ${MATCH} }], scheduler: rr, realServers: [rs1, rs2], verify: { port: 8080 } }
  masked: { mode: nat, masquerade: true, fwmark: 22, match: [{ address: 172.16.11.64/26, ${MATCH} }], scheduler: rr, realServers: [far1, far2], verify: { port: 8080 } }
  all: { mode: nat, masquerade: true, vip: 172.16.10.23, port: 0, persistence: { timeout: 60 }, scheduler: rr, realServers: [far1, far2], verify: { type: tcp, port: 8080 } }
  full: { mode: fullnat, fwmark: 23, match: [{ address: 172.16.11.128/26, ${MATCH} }], scheduler: rr, realServers: [far1, far2], localAddresses: [172.16.10.201], verify: { port: 8080 } }
`;

const ASKED = {
  nat: "172.16.11.1:8080",
  masked: "172.16.11.65:8080",
  all: "172.16.10.23:8080",
  full: "172.16.11.129:8080",
};

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  ({ lab, before } = await upTranslations("e2e-marks", SERVICES));
});

afterAll(() => lab?.down());

describe("services by firewall mark, with translation", () => {
  it("applies, and fills the director's table", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    const table = await lab.on("lb", "ipvsadm -S -n; ipvsadm -L -n; ipvsadm -L -n --thresholds");
    for (const mark of [21, 22, 23]) expect(table).toContain(`-A -f ${mark} -s rr\n`);
    expect(table).toContain("-a -f 21 -r 192.168.57.11:0 -m -w 1\n-a -f 21 -r 192.168.57.12:0 -m -w 1\n");
    expect(table).toMatch(/^FWM {2}23 rr\n {2}-> 172\.16\.30\.11:0 +Masq +1 /m);
    expect(table).toMatch(/^FWM {2}23 rr\n {2}-> 172\.16\.30\.11:0 +0 +0 /m);
  });

  it("sends any address and port with a mark to that mark's real servers in turn, and no other", async () => {
    await lab.ensureApplied();
    const near = ["172.16.11.1:8080", "172.16.11.62:8080"];
    const masked = ["172.16.11.65:8080", "172.16.11.126:8080"];
    const full = ["172.16.11.129:8080", "172.16.11.190:8080"];
    expect((await realServersOf(lab, "nat", "client", near)).toSorted()).toEqual(["rs1", "rs2"]);
    expect((await realServersOf(lab, "masked", "client", masked)).toSorted()).toEqual(["far1", "far2"]);
    expect((await realServersOf(lab, "full", "client", full)).toSorted()).toEqual(["far1", "far2"]);
    expect(await whoAnswers(lab, "client", ["172.16.11.1:8079", "172.16.11.200:8080"])).toEqual(["-", "-"]);
  });

  it("shows real servers the client with NAT, the director with masquerading, a local address with FullNAT", async () => {
    await lab.ensureApplied();
    const near = { hosts: ["rs1", "rs2"], port: 8080 };
    const far = { hosts: ["far1", "far2"], port: 8080 };
    expect(await peersWhileConnected(lab, "client", [ASKED.nat], near)).toEqual(["10.0.2.253"]);
    expect(await peersWhileConnected(lab, "client", [ASKED.masked], far)).toEqual(["172.16.10.5"]);
    expect(await peersWhileConnected(lab, "client", [ASKED.all], far)).toEqual(["172.16.10.5"]);
    expect(await peersWhileConnected(lab, "client", [ASKED.full], far)).toEqual(["172.16.10.201"]);
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  describe("without one of its parts", () => {
    const [noMarks, marks] = emptied("mangle", "PREROUTING");
    const [noSources, sources] = emptied("nat", "POSTROUTING");
    const [noReplies, replies] = emptied("filter", "FORWARD");
    const route = "172.16.11.0/26 dev lo table local";
    const twins = [
      {
        name: "the marks",
        take: noMarks,
        mend: marks,
        silent: ["nat", "masked", "full"],
        says: /lb: iptables -t mangle .* -d 172\.16\.11\.128\/26 .* --dport 80 -j MARK .* is missing/,
      },
      {
        name: "the local route of one of them",
        take: `ip route del local ${route}`,
        mend: `ip route add local ${route}`,
        silent: ["nat"],
        says: /lb: route local 172\.16\.11\.0\/26 .* is missing/,
      },
      {
        name: "the rules that change the source",
        take: noSources,
        mend: sources,
        silent: ["masked", "all", "full"],
        says: /lb: iptables -t nat .* -m mark --mark 0x17 .* -j SNAT --to-source 172\.16\.10\.201 is missing/,
      },
      {
        name: "connections that netfilter sees",
        take: "echo 0 >/proc/sys/net/ipv4/vs/conntrack",
        mend: "echo 1 >/proc/sys/net/ipv4/vs/conntrack",
        silent: ["masked", "all", "full"],
        says: /lb: sysctl net\.ipv4\.vs\.conntrack = 1 differs from the topology/,
      },
      {
        name: "the rules for forwarded replies, where the policy drops",
        take: noReplies,
        mend: replies,
        silent: ["nat", "masked", "all", "full"],
        says: /lb: iptables -t filter .* -s 192\.168\.57\.11\/32 .* --sport 8080:8081 .* -j ACCEPT is missing/,
      },
    ];

    it.each(twins)("$name: $silent are not answered", async ({ take, mend, silent }) => {
      await lab.ensureApplied();
      await lab.on("lb", take);
      expect(await whoIsSilent(lab, "client", ASKED)).toEqual(silent);
      await lab.on("lb", `${mend}\nconntrack -F 2>/dev/null`);
    });

    it("verify names each of them; with all of them everybody is answered again", async () => {
      const takes = twins.map(({ take }) => take).join("\n");
      const mends = twins.map(({ mend }) => mend).toReversed();
      const text = await verifyWithout(lab, "lb", takes, [...mends, "conntrack -F 2>/dev/null"].join("\n"));
      for (const { says } of twins) expect(text).toMatch(says);
      expect(await whoIsSilent(lab, "client", ASKED)).toEqual([]);
    });
  });

  it("destroys everything, on all hosts", () => expectDestroyed(lab, before));
});
