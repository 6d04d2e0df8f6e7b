/** One machine that is firewall and director: it publishes services on its own address, with and without a SYN proxy. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import {
  chainTaken,
  expectDestroyed,
  expectNoChange,
  flagTaken,
  peersWhileConnected,
  unwrapped,
  verifyWithout,
} from "../helpers/mode-checks.ts";

const HOSTS = ["gw", "rs1", "rs2", "client"];
const SERVERS = "scheduler: rr, realServers: { rs1: { port: 8080 }, rs2: { port: 8080 } }, testPage: true";
const at = (port: number) => `port: 80, publish: { on: gw, address: 10.0.2.1, port: ${port} }`;

const PUBLIC = `  public: { mode: nat, vip: 172.16.10.10, ${at(81)}, ${SERVERS} }\n`;
const MORE = `  full: { mode: fullnat, vip: 172.16.10.11, ${at(82)}, ${SERVERS}, localAddresses: [172.16.10.201] }
  proxied: { mode: nat, vip: 172.16.10.12, ${at(83)}, ${SERVERS}, synproxy: { on: gw } }
`;

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/gateway.yaml", "e2e-gate", (text) =>
    text.replace(/^verify: /m, `${PUBLIC}$&`),
  );
  const touch = "modprobe -a nf_conntrack; for table in filter nat raw; do iptables -t $table -S; done >/dev/null";
  await Promise.all(HOSTS.map((host) => lab.on(host, touch)));
  before = await snapshot(lab, HOSTS);
});

afterAll(() => lab?.down());

describe("a machine that is firewall and director, and publishes a service by NAT", () => {
  it("answers at the public address and at a VIP; real servers see the client", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    const text = unwrapped(stdout);
    expect(text).toContain("✓ web: 8 of 8 requests from client to http://10.0.2.10:80/ were answered");
    expect(text).toContain("✓ public: 8 of 8 requests from client to http://10.0.2.1:81/ were answered");
    expect(text).toContain("✓ public: rr: rs1 4, rs2 4");
    expect(status, stdout).toBe(0);
    const servers = { hosts: ["rs1", "rs2"], port: 8080 };
    expect(await peersWhileConnected(lab, "client", ["10.0.2.1:81"], servers)).toEqual(["10.0.2.253"]);
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  it("cannot put the public address back without tracking what IPVS does; what is not published goes on", async () => {
    const text = await verifyWithout(lab, "gw", ...flagTaken("net/ipv4/vs/conntrack"));
    expect(text).toContain("✗ public: 0 of 8 requests");
    expect(text).toContain("✓ web: 8 of 8 requests");
    expect(text).toMatch(/gw: sysctl net\.ipv4\.vs\.conntrack = 1 differs from the topology/);
  });

  it("needs the translation of the public address", async () => {
    const text = await verifyWithout(lab, "gw", ...chainTaken(lab, "nat", "PREROUTING"));
    expect(text).toContain("✗ public: 0 of 8 requests");
    expect(text).toContain("✓ web: 8 of 8 requests");
    expect(text).toMatch(/gw: iptables -t nat .* -j DNAT --to-destination 172\.16\.10\.10:80 is missing/);
  });
});

describe("the same with FullNAT, and with a SYN proxy besides", () => {
  const more = () => lab.variant("more.yaml", (text) => text.replace(/^verify: /m, `${MORE}$&`));

  it("is added live, and answers at each public address", async () => {
    await lab.ensureApplied();
    const { status, stdout } = await lab.lvsctl("apply", "--lab", "--yes", more());
    const text = unwrapped(stdout);
    for (const [name, port] of [
      ["public", 81],
      ["full", 82],
      ["proxied", 83],
    ])
      expect(text).toContain(`✓ ${name}: 8 of 8 requests from client to http://10.0.2.1:${port}/ were answered`);
    expect(text).toMatch(/✓ proxied: cookie_valid in \S+ on gw grew by 8 during 8 answered requests/);
    expect(status, stdout).toBe(0);
    const servers = { hosts: ["rs1", "rs2"], port: 8080 };
    const peers = await peersWhileConnected(lab, "client", ["10.0.2.1:82", "10.0.2.1:83"], servers);
    expect(peers).toEqual(["10.0.2.253", "172.16.10.201"]);
  });

  it("needs the proxy's own requests translated", async () => {
    await lab.ensureApplied(more());
    const [take, mend] = chainTaken(lab, "nat", "OUTPUT");
    await lab.on("gw", take);
    const ask = `for port in 81 82 83; do
curl -s -o /dev/null --max-time ${lab.seconds(2)} http://10.0.2.1:$port/ && echo $port
done; true`;
    const answered = await lab.on("client", ask);
    await lab.on("gw", `${mend}\nconntrack -F 2>/dev/null`);
    expect(answered).toBe("81\n82\n");
    expect(await lab.on("client", ask)).toBe("81\n82\n83\n");
  });

  it("destroys everything, on all hosts", () => expectDestroyed(lab, before));
});
