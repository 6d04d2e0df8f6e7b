/** The packets of services that hosts send, or forward as they are, in the topologies that people start from. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadAndCompile } from "../../src/app/load.ts";
import { packetWords } from "../../src/lvs/filtered-packet.ts";

const folder = mkdtempSync(join(tmpdir(), "lvsctl-passing-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** `HOST HOOK PACKET`, with a star where IPVS sends it. */
async function passing(file: string): Promise<readonly string[]> {
  const { desired } = await loadAndCompile(file);
  return [...(desired.passing ?? [])].flatMap(([host, all]) =>
    all.map(({ packet }) => `${host} ${packet.hook}${packet.mayBeUntracked ? "*" : ""} ${packetWords(packet)}`),
  );
}

function ofText(name: string, text: string): Promise<readonly string[]> {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, text);
  return passing(file);
}

const EXAMPLES = {
  dr: [
    "dr output* tcp to 172.16.10.10:80",
    "rs1 output tcp from 172.16.10.10:80 to 10.0.2.253",
    "rs2 output tcp from 172.16.10.10:80 to 10.0.2.253",
    "client output tcp from 10.0.2.253 to 10.0.2.1:80",
  ],
  nat: [
    "lb output* tcp to 1.65.15.143:80",
    "lb output* tcp to 1.65.15.144:80",
    "rs1 output tcp from 1.65.15.143:80 to 1.65.15.141",
    "rs2 output tcp from 1.65.15.144:80 to 1.65.15.141",
    "client output tcp from 1.65.15.140 to 100.222.111.1:8000",
  ],
  tun: [
    "router forward ipencap to 1.65.16.144",
    "router forward tcp from 1.65.15.145:80 to 1.65.15.140",
    "lb output* ipencap to 1.65.15.143",
    "lb output* ipencap to 1.65.16.144",
    "rs1 output tcp from 1.65.15.145:80 to 1.65.15.140",
    "rs2 output tcp from 1.65.15.145:80 to 1.65.15.140",
    "client output tcp from 1.65.15.140 to 1.65.15.145:80",
  ],
  fullnat: [
    "core forward tcp from 10.0.2.253 to 172.16.10.10:80",
    "core forward tcp from 172.16.10.201 to 172.16.30.11:8080",
    "core forward tcp from 172.16.30.11:8080 to 172.16.10.201",
    "core forward tcp from 172.16.10.10:80 to 10.0.2.253",
    "core forward tcp from 172.16.10.201 to 172.16.30.12:8080",
    "core forward tcp from 172.16.30.12:8080 to 172.16.10.201",
    "lb output* tcp to 172.16.30.11:8080",
    "lb output* tcp to 172.16.30.12:8080",
    "rs1 output tcp from 172.16.30.11:8080 to 172.16.10.201",
    "rs2 output tcp from 172.16.30.12:8080 to 172.16.10.201",
    "client output tcp from 10.0.2.253 to 172.16.10.10:80",
  ],
};

/** A router beside the director, and what else is said of it; `own`: the director is a real server too. */
const lab = ({ router = "", own = "", service = "mode: dr" }) => `version: 1
name: passing
hosts:
  gw: { role: firewall, interfaces: { eth0: 10.0.0.1/24, eth1: 192.0.2.1/24 }${router} }
  lb: { roles: [director${own}], interfaces: { eth0: 10.0.0.2/24 }, gateway: 10.0.0.1 }
  rs1: { role: real-server, interfaces: { eth0: 10.0.0.11/24 }, gateway: 10.0.0.1 }
  rs2: { role: real-server, interfaces: { eth0: 10.0.0.12/24 }, gateway: 10.0.0.1 }
  c1: { role: client, interfaces: { eth0: 192.0.2.9/24 }, gateway: 192.0.2.1 }
  c2: { role: client, interfaces: { eth0: 192.0.2.10/24 }, gateway: 192.0.2.1 }
services:
  web: { vip: 10.0.0.100, port: 80, ${service} }
`;

describe("passing packets", () => {
  it.each(Object.entries(EXAMPLES))("of examples/%s.yaml", async (name, expected) => {
    expect(await passing(`examples/${name}.yaml`)).toEqual(expected);
  });

  it("are those of each client, and of all real servers with one of them", async () => {
    expect(await ofText("clients", lab({}))).toEqual([
      "gw forward tcp from 192.0.2.9 to 10.0.0.100:80",
      "gw forward tcp from 10.0.0.100:80 to 192.0.2.9",
      "gw forward tcp from 192.0.2.10 to 10.0.0.100:80",
      "gw forward tcp from 10.0.0.100:80 to 192.0.2.10",
      "lb output* tcp to 10.0.0.100:80",
      "rs1 output tcp from 10.0.0.100:80 to 192.0.2.9",
      "rs1 output tcp from 10.0.0.100:80 to 192.0.2.10",
      "rs2 output tcp from 10.0.0.100:80 to 192.0.2.9",
      "c1 output tcp from 192.0.2.9 to 10.0.0.100:80",
      "c2 output tcp from 192.0.2.10 to 10.0.0.100:80",
    ]);
  });

  it("are none of hosts that lvsctl does not log in to, and none that IPVS hands to its own host", async () => {
    const found = await ofText("own", lab({ router: ", managed: false", own: ", real-server" }));
    expect(found.filter((line) => /^(gw|lb) /.test(line))).toEqual([
      "lb output tcp from 10.0.0.100:80 to 192.0.2.9",
      "lb output* tcp to 10.0.0.100:80",
      "lb output tcp from 10.0.0.100:80 to 192.0.2.10",
    ]);
  });

  it("of tunnels are those around a request", async () => {
    const found = await ofText("gue", lab({ service: "mode: tun, tunnel: { type: gue, port: 6081 }" }));
    expect(found.filter((line) => line.startsWith("lb "))).toEqual([
      "lb output* udp to 10.0.0.11:6081",
      "lb output* udp to 10.0.0.12:6081",
    ]);
  });

  it("of FTP are what opens data connections, too, unless a firewall mark names their ports", async () => {
    const data = async (service: string) =>
      (await ofText("ftp", lab({ service }).replace("port: 80, ", ""))).filter((line) => line.includes(":1024-65535"));
    expect(await data("port: 21, helper: ftp, mode: nat, masquerade: true")).toEqual([
      "gw forward tcp from 192.0.2.9 to 10.0.0.100:1024-65535",
      "gw forward tcp from 192.0.2.10 to 10.0.0.100:1024-65535",
      "lb input tcp from 192.0.2.9 to 10.0.0.100:1024-65535",
      "lb input tcp from 192.0.2.10 to 10.0.0.100:1024-65535",
      "rs1 input tcp from 10.0.0.2 to 10.0.0.11:1024-65535",
      "rs2 input tcp from 10.0.0.2 to 10.0.0.12:1024-65535",
    ]);
    const direct = "port: 21, helper: ftp, persistence: { timeout: 60 }, mode: dr";
    expect((await data(direct)).filter((line) => line.includes("192.0.2.9 "))).toEqual([
      "gw forward tcp from 192.0.2.9 to 10.0.0.100:1024-65535",
      "lb input tcp from 192.0.2.9 to 10.0.0.100:1024-65535",
      "rs1 input tcp from 192.0.2.9 to 10.0.0.100:1024-65535",
      "rs2 input tcp from 192.0.2.9 to 10.0.0.100:1024-65535",
    ]);
    expect(await data(direct.replace("helper: ftp, ", ""))).toEqual([]);
    const marked = "fwmark: 5, match: [{ address: 10.0.0.100, ports: [21, 10000-10100] }], helper: ftp";
    const text = lab({ service: `persistence: { timeout: 60 }, ${marked}, mode: dr` });
    const found = await ofText("marked", text.replace("vip: 10.0.0.100, port: 80, ", ""));
    expect(found.filter((line) => line.includes(":1024-65535"))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });
});
