/**
 * What TUN can have besides its tunnel: publication, a SYN proxy in front, marks, checksums, SCTP, every port. The director and
 * the real servers drop what they do not know.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import {
  expectDestroyed,
  expectNoChange,
  peersWhileConnected,
  unwrapped,
  verifyWithout,
} from "../helpers/mode-checks.ts";
import { realServersOf, whoIsSilent } from "../helpers/served-page.ts";
import { emptied } from "../helpers/translation-lab.ts";

const FAR = ["far1", "far2"];
const HOSTS = ["core", "lb", ...FAR, "client"];

const SERVICES = `
  published: { mode: tun, vip: 172.16.10.30, port: 80, scheduler: rr, testPage: true, publish: { on: core, address: 10.0.2.1, port: 81 } }
  proxied: { mode: tun, vip: 172.16.10.31, port: 80, scheduler: rr, testPage: true, publish: { on: core, address: 10.0.2.1, port: 82 }, synproxy: { on: core } }
  gue: { mode: tun, vip: 172.16.10.32, port: 80, scheduler: rr, testPage: true, tunnel: { type: gue, port: 6080, checksum: true } }
  gre: { mode: tun, vip: 172.16.10.33, port: 80, scheduler: rr, testPage: true, tunnel: { type: gre } }
  signal: { mode: tun, vip: 172.16.10.34, port: 2905, protocol: sctp, scheduler: rr, testPage: true }
  all: { mode: tun, vip: 172.16.10.35, port: 0, scheduler: rr, persistence: { timeout: 60 } }
  marked: { mode: tun, fwmark: 31, match: [{ address: 172.16.11.0/26, protocol: tcp, ports: [80, 8000-8010] }], scheduler: rr, verify: { port: 80 } }
`;

const ASKED = {
  published: "10.0.2.1:81",
  proxied: "10.0.2.1:82",
  gue: "172.16.10.32",
  gre: "172.16.10.33",
  marked: "172.16.11.7",
};

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/translations.yaml", "e2e-tun-options", (text) =>
    text.replace(/^ {2}rs[12]:\n(?: {4}.*\n)+/gm, "").concat(SERVICES),
  );
  const touch =
    "modprobe -a nf_conntrack; for table in filter nat raw mangle; do iptables -t $table -S; done >/dev/null";
  await Promise.all(HOSTS.map((host) => lab.on(host, touch)));
  await dropByDefault(lab, ["lb", ...FAR]);
  // The first time that a device is up makes the kernel add settings that stay.
  for (const host of FAR)
    await lab.on(
      host,
      "modprobe -a ipip ip_gre; for one in tunl0 gre0; do ip link set $one up; ip link set $one down; done",
    );
  before = await snapshot(lab, HOSTS);
});

afterAll(() => lab?.down());

/** How the next UDP packet of a tunnel looks to a real server. Of two requests in turn, one is for it. */
async function nextTunnelled(): Promise<string> {
  const watch = "tcpdump -lnvvi eth0 -c 1 udp dst port 6080 >/root/seen 2>/root/watching </dev/null";
  await lab.on("far1", `setsid ${watch} &\nuntil grep -q 'listening on' /root/watching; do sleep 0.5; done`);
  const ask = `for i in 1 2; do curl -s -o /dev/null --max-time ${lab.seconds(4)} http://172.16.10.32/ || :; done`;
  await lab.on("client", ask);
  return lab.on(
    "far1",
    "while pgrep -x tcpdump >/dev/null; do sleep 0.5; done\ncat /root/seen\nrm /root/seen /root/watching",
  );
}

describe("tunnelling", () => {
  it("serves what is published, behind a SYN proxy too, by GUE with checksums, by GRE, and by SCTP", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    const text = unwrapped(stdout);
    for (const name of ["published", "proxied", "gue", "gre", "signal"]) {
      expect(text).toMatch(new RegExp(`✓ ${name}: 4 of 4 requests from client`));
      expect(text).toContain(`✓ ${name}: rr: far1 2, far2 2`);
    }
    expect(text).toMatch(/✓ proxied: cookie_valid in \S+ on core grew by 4 during 4 answered requests/);
    expect(status, stdout).toBe(0);
  });

  it("serves marked packets to any address and port, and every port of an address", async () => {
    await lab.ensureApplied();
    const marked = ["172.16.11.1:80", "172.16.11.62:80"];
    expect((await realServersOf(lab, "marked", "client", marked)).toSorted()).toEqual(FAR);
    const all = await realServersOf(lab, "all", "client", ["172.16.10.35:80", "172.16.10.35:80"]);
    expect(new Set(all).size).toBe(1);
  });

  it("fills the director's table", async () => {
    await lab.ensureApplied();
    const table = await lab.on("lb", "ipvsadm -S -n; ipvsadm -L -n --tun-info");
    expect(table).toContain(
      "-a -t 172.16.10.32:80 -r 172.16.30.11:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum\n",
    );
    expect(table).toContain("-a -f 31 -r 172.16.30.11:0 -i -w 1 --tun-type ipip\n");
    expect(table).toContain("-A -t 172.16.10.35:0 -s rr -p 60\n");
  });

  it("keeps the client's address, behind a firewall that publishes too", async () => {
    await lab.ensureApplied();
    const servers = { hosts: FAR, port: 80 };
    const addresses = ["10.0.2.1:81", "10.0.2.1:82", "172.16.10.32:80", "172.16.10.33:80", "172.16.11.7:80"];
    expect(await peersWhileConnected(lab, "client", addresses, servers)).toEqual(["10.0.2.253"]);
  });

  it("puts a checksum on GUE's packets, and none without the option, which verify reports", async () => {
    await lab.ensureApplied();
    expect(await nextTunnelled()).toMatch(/6080: \[(udp sum ok|bad udp cksum)/);
    const edit = (flag: string) =>
      [11, 12].map(
        (end) => `ipvsadm -e -t 172.16.10.32:80 -r 172.16.30.${end} -i --tun-type gue --tun-port 6080 ${flag}`,
      );
    await lab.on("lb", edit("--tun-nocsum").join("\n"));
    expect(await nextTunnelled()).toMatch(/6080: \[no cksum\]/);
    const text = await verifyWithout(lab, "lb", ":", edit("--tun-csum").join("\n"));
    expect(text).toMatch(/lb: real server .*172\.16\.10\.32:80.*checksum/);
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  describe("without one of its parts", () => {
    const [noTranslation, translation] = emptied("nat", "PREROUTING");
    const [noProxy, proxy] = emptied("filter", "INPUT");
    const [noMarks, marks] = emptied("mangle", "PREROUTING");
    const twins = [
      {
        name: "the translation of public addresses",
        host: "core",
        take: noTranslation,
        mend: translation,
        silent: ["published"],
        says: /core: iptables -t nat .* -j DNAT --to-destination 172\.16\.10\.30:80 is missing/,
      },
      {
        name: "the proxy's rules",
        host: "core",
        take: noProxy,
        mend: proxy,
        silent: ["proxied"],
        says: /core: iptables -t filter .* -j SYNPROXY .* is missing/,
      },
      {
        name: "the marks",
        host: "lb",
        take: noMarks,
        mend: marks,
        silent: ["marked"],
        says: /lb: iptables -t mangle .* -d 172\.16\.11\.0\/26 .* -j MARK .* is missing/,
      },
    ];

    it.each(twins)("$name: $silent are not answered", async ({ host, take, mend, silent }) => {
      await lab.ensureApplied();
      await lab.on(host, take);
      expect(await whoIsSilent(lab, "client", ASKED)).toEqual(silent);
      await lab.on(host, `${mend}\nconntrack -F 2>/dev/null`);
    });

    it("marked packets reach a real server that does not take them for its own, and nobody answers", async () => {
      await lab.ensureApplied();
      const route = "172.16.11.0/26 dev lo table local";
      for (const host of FAR) await lab.on(host, `ip route del local ${route}`);
      await lab.on("lb", noMarks);
      await lab.on("core", `${noTranslation}\n${noProxy}`);
      const text = await verifyWithout(lab, "far2", ":", ":");
      for (const { says } of twins) expect(text).toMatch(says);
      expect(text).toMatch(/far1: route local 172\.16\.11\.0\/26 .* is missing/);
      await lab.on("core", `${proxy}\n${translation}\nconntrack -F 2>/dev/null`);
      await lab.on("lb", marks);
      expect(await whoIsSilent(lab, "client", ASKED)).toEqual(["marked"]);
      for (const host of FAR) await lab.on(host, `ip route add local ${route}`);
      expect(await whoIsSilent(lab, "client", ASKED)).toEqual([]);
    });
  });

  // Once loaded, sctp is in use by its own sockets, one a network namespace; the kernel never unloads it.
  it("destroys everything, on all hosts", () => expectDestroyed(lab, before, /\/proc\/sys\/net\/sctp\//));
});
