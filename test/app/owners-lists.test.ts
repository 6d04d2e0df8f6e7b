/** What others have to set up on hosts that lvsctl does not log in to. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { applyTopology } from "../../src/app/apply.ts";
import { drainServer } from "../../src/app/drain.ts";
import { loadAndCompile } from "../../src/app/load.ts";
import { planTopology } from "../../src/app/plan.ts";
import { refuseForgetting } from "../../src/app/removed-hosts.ts";
import type { RunView } from "../../src/app/run.ts";

const folder = mkdtempSync(join(tmpdir(), "lvsctl-owners-"));
afterAll(() => rmSync(folder, { recursive: true }));

const HOSTS = `
  lb: { role: director, interfaces: { eth0: 192.0.2.10/24 } }
  rs1: { role: real-server, interfaces: { eth0: 192.0.2.11/24 } }
  win1: { role: real-server, managed: false, interfaces: { eth0: 192.0.2.21/24 } }`;

/** A topology file with these services, and hosts of which win1 is not managed. */
function written(services: string, hosts = HOSTS, more = ""): string {
  const file = join(folder, "topology.yaml");
  writeFileSync(file, `version: 1\nname: lab\n${more}hosts:${hosts}\nservices:\n${services}\n`);
  return file;
}

async function listsOf(file: string) {
  return (await loadAndCompile(file)).owners;
}

const whats = async (services: string, more = "") => {
  const [list] = await listsOf(written(services, HOSTS, more));
  return list?.needs.map(({ what }) => what) ?? [];
};

describe("what the owner of a host sees to", () => {
  it("is nobody's where lvsctl logs in everywhere", async () => {
    expect(await listsOf("examples/dr.yaml")).toEqual([]);
  });

  it("has no unit of lvsctl's, no test page and nothing that only follows a change of lvsctl's", async () => {
    const lists = await listsOf("test/fixtures/compile/unmanaged/input.yaml");
    expect(lists.map(({ host }) => host)).toEqual(["fw", "win1", "pc"]);
    const all = lists.flatMap(({ needs, commands }) => [...needs.map(({ what }) => what), ...commands]).join("\n");
    expect(all).not.toMatch(/start-up|var.lib.lvsctl|web server|responder|gratuitous/);
  });

  it("names interfaces as the host does, as one word", async () => {
    const hosts = (more: string) => `
  lb: { role: director, interfaces: { eth0: 192.0.2.10/24 } }
  rs1: { role: real-server, interfaces: { eth0: 192.0.2.11/24 } }
  win1: { role: real-server, managed: false, interfaces: { "Ethernet 2": 192.0.2.21/24 }${more} }`;
    const routes = ", routes: [{ to: 10.0.0.0/8, device: Ethernet 2 }]";
    const [list] = await listsOf(written("  web: { mode: dr, vip: 192.0.2.100, port: 80 }", hosts(routes)));
    expect(list?.needs.map(({ what }) => what)).toEqual(
      expect.arrayContaining(["address 192.0.2.21/24 dev 'Ethernet 2'", "route 10.0.0.0/8 dev 'Ethernet 2'"]),
    );
    expect(list?.commands.join("\n").replaceAll("'Ethernet 2'", "")).not.toContain("Ethernet");
  });

  it("is a program at the virtual address where that arrives unchanged, and at its own where it is rewritten", async () => {
    expect(await whats("  web: { mode: dr, vip: 192.0.2.100, port: 80 }")).toEqual([
      "address 192.0.2.21/24 dev eth0",
      "sysctl net.ipv4.conf.all.arp_ignore = 1",
      "sysctl net.ipv4.conf.all.arp_announce = 2",
      "address 192.0.2.100/32 dev lo",
      "a program that answers on tcp port 80 of 192.0.2.100",
    ]);
    const nat =
      "  web: { mode: nat, masquerade: true, vip: 192.0.2.100, port: 80, realServers: [rs1, { host: win1, port: 81 }, { host: win1, port: 82 }] }";
    expect(await whats(nat)).toEqual([
      "address 192.0.2.21/24 dev eth0",
      "a program that answers on tcp port 81 of 192.0.2.21",
      "a program that answers on tcp port 82 of 192.0.2.21",
    ]);
    const mark =
      "  web: { mode: dr, fwmark: 7, match: [{ address: 192.0.2.100, protocol: udp, ports: [53, 8000-8099] }] }";
    expect((await whats(mark)).at(-1)).toBe("a program that answers on udp port 53, 8000-8099 of 192.0.2.100");
    const every = "  web: { mode: dr, vip: 192.0.2.100, port: 0, persistence: {} }";
    expect((await whats(every)).at(-1)).toBe("a program that answers on tcp ports of its own of 192.0.2.100");
  });

  it("is said to be its own page where others have lvsctl's", async () => {
    const [list] = await listsOf(written("  web: { mode: dr, vip: 192.0.2.100, port: 80, testPage: true }"));
    expect(list?.needs.at(-1)?.why).toContain("lvsctl makes its test page only on hosts that it logs in to");
    const [other] = await listsOf(written("  web: { mode: dr, vip: 192.0.2.100, port: 80 }"));
    expect(other?.needs.at(-1)?.why).not.toContain("test page");
  });

  it("has commands that change nothing a second time, ARP before addresses", async () => {
    const [list] = await listsOf(written("  web: { mode: dr, vip: 192.0.2.100, port: 80 }"));
    const at = (text: string) => list?.commands.findIndex((command) => command.includes(text)) ?? -1;
    expect(at("arp_ignore")).toBeGreaterThanOrEqual(0);
    expect(at("arp_ignore")).toBeLessThan(at("192.0.2.100/32"));
    expect(list?.commands[at("192.0.2.100/32")]).toContain("grep -qF 'inet 192.0.2.100/32 ' || ip address add");
  });

  it("has what a playbook of one's own asks for, files too", async () => {
    const why = "{ en: The program reads it., zh: 程序要读它。 }";
    const file = `  - { id: conf, on: real-server, stage: real-server-web, resource: file, with: { path: /etc/shop.conf, content: "a\\n" }, why: ${why} }`;
    const head =
      "playbook: mine\nkind: mode\ntitle: { en: Mine, zh: 我的 }\nsummary: { en: Mine., zh: 我的。 }\nsteps:\n";
    writeFileSync(join(folder, "mine.yaml"), `${head}${file}\n`);
    const [list] = await listsOf(written("  web: { mode: ./mine.yaml, vip: 192.0.2.100, port: 80 }"));
    expect(list?.needs.map(({ what }) => what)).toEqual([
      "address 192.0.2.21/24 dev eth0",
      "file /etc/shop.conf mode 0644",
      "a program that answers on tcp port 80",
    ]);
    expect(list?.needs.at(-1)?.why).toContain("does not say at which address requests arrive");
    expect(list?.commands[0]).toContain("mv -f /etc/.shop.conf.lvsctl /etc/shop.conf");
  });

  it("lasts over a restart, unless the topology does not", async () => {
    const web = "  web: { mode: dr, vip: 192.0.2.100, port: 80 }";
    expect((await listsOf(written(web)))[0]?.lasting).toBe(true);
    expect((await listsOf(written(web, HOSTS, "persist: false\n")))[0]?.lasting).toBe(false);
  });
});

describe("a command about a host that lvsctl does not log in to", () => {
  const web = "  web: { mode: dr, vip: 192.0.2.100, port: 80 }";

  it("can forget what lvsctl once made there, and nothing on a host that it logs in to", async () => {
    const { topology } = await loadAndCompile(written(web));
    expect(() => refuseForgetting(topology, ["win1"])).not.toThrow();
    expect(() => refuseForgetting(topology, ["win1", "rs1"])).toThrow(/--forget names "rs1"/);
  });

  it("needs no connection where all hosts are others'", async () => {
    const hosts = HOSTS.replaceAll("role: ", "managed: false, role: ").replace(
      "managed: false, interfaces",
      "interfaces",
    );
    const file = written(web, hosts);
    const { plan, execs } = await planTopology(file, { parallel: 1 });
    expect([execs, plan.hosts.size, plan.problems.length]).toEqual([0, 0, 0]);
    expect(plan.unmanaged?.map(({ host }) => host)).toEqual(["lb", "rs1", "win1"]);
    expect(plan.unmanaged?.[0]?.needs.map(({ what }) => what)).toContain("IPVS service tcp 192.0.2.100:80 (wlc)");
    const view = { showPlan: () => false, showPending: () => undefined } as unknown as RunView;
    const applied = await applyTopology(file, { parallel: 1, noVerify: true }, view);
    expect(applied.run.result).toBe("nothing-to-do");
  });

  it("drains nothing if all directors are others'", async () => {
    const file = written(web, HOSTS.replace("role: director,", "role: director, managed: false,"));
    const flags = { parallel: 1, waitSeconds: 0 };
    await expect(drainServer({ file, server: "rs1" }, flags, {} as RunView)).rejects.toMatchObject({
      code: "LVS-DRAIN-001",
      message: "lvsctl does not log in to lb, which has rs1 in its table.",
    });
  });
});
