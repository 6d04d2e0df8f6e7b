/** `lvsctl explain` names the address and port that a client asks, and the clients that the file has. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";

const folder = mkdtempSync(join(tmpdir(), "lvsctl-asked-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MODES = ["nat", "nat, masquerade: true", "fullnat, localAddresses: [10.0.2.240]"] as const;

describe("a service with a mark", () => {
  test.each(MODES)("that matches a network answers from the address that was asked, in mode %s", async (mode) => {
    const way = await wayOf(marked(mode, "match: [{ address: 10.8.0.0/24, ports: [80] }]"));
    expect(way).toMatchObject({ target: "10.8.0.1:80", replySource: "10.8.0.1:80", isAnswered: true });
  });

  test.each(MODES)("without ports answers from the one that was asked, in mode %s", async (mode) => {
    const settings = "match: [{ address: 10.0.2.200 }], realServers: { rs1: { port: 8080 } }";
    const way = await wayOf(marked(mode, settings));
    expect(way).toMatchObject({ target: "10.0.2.200", replySource: "10.0.2.200", isAnswered: true });
    expect(way?.hops.filter(({ direction }) => direction === "reply").map(({ source }) => source)).toEqual(
      expect.arrayContaining(["10.0.2.11:8080", "10.0.2.200"]),
    );
  });
});

test.each([
  ["20, 21", "10.0.2.200:21"],
  ["20, 80", "10.0.2.200:20"],
  ['"10000-10100", 990', "10.0.2.200:990"],
])("a service for FTP's ports %s is asked where logins are, %s", async (ports, target) => {
  const way = await wayOf(marked("nat", `match: [{ address: 10.0.2.200, ports: [${ports}] }], persistence: {}`));
  expect(way).toMatchObject({ target, replySource: target, isAnswered: true });
});

test("what verify sends names only addresses that some client reaches, and says which are left out", async () => {
  const text = (vips: string) => `version: 1
name: halves
hosts:
  lb: { role: director, interfaces: { eth0: 192.0.2.5/24 } }
  rs1: { role: real-server, interfaces: { eth0: 192.0.2.11/24 } }
  pc: { role: client, interfaces: { eth0: 192.0.2.77/24 } }
services:
  shop: { mode: dr, vips: [${vips}], ports: [80, 443], persistence: {} }
`;
  for (const vips of ["192.0.2.101, 192.0.3.101", "192.0.3.101, 192.0.2.101"]) {
    const half = await serviceOf(text(vips));
    expect(half?.tests.map(({ target }) => target).join()).not.toContain("192.0.3.101");
    expect(half?.tests).toHaveLength(2);
    expect(half?.untested).toEqual(['192.0.3.101, because "pc" has no route to 192.0.3.101']);
  }
  const whole = await serviceOf(text("192.0.2.101, 192.0.2.102"));
  expect(whole?.tests).toHaveLength(4);
  expect(whole?.untested).toBeUndefined();
});

describe("a client of the file that is called client", () => {
  const text = `version: 1
name: names
hosts:
  fw: { role: firewall, interfaces: { e0: 10.0.2.1/24, e1: 172.16.1.1/24 } }
  lb: { role: director, interfaces: { e0: 172.16.1.5/24 }, gateway: 172.16.1.1 }
  rs1: { role: real-server, interfaces: { e0: 172.16.1.11/24 }, gateway: 172.16.1.1 }
  client: { role: client, interfaces: { eth0: 10.0.2.253/24 }, gateway: 10.0.2.1 }
services:
  far: { mode: dr, vip: 203.0.113.100, port: 80 }
  near: { mode: dr, vip: 172.16.1.101, port: 81 }
`;

  test("is not the one outside, whose way is drawn in its place", async () => {
    const service = await serviceOf(text);
    expect(service?.excluded?.map(({ client }) => client)).toEqual(["client"]);
    expect(service?.way?.isClientElsewhere).toBe(true);
    expect(service?.way?.client).not.toBe("client");
    expect(service?.way?.hops.flatMap(({ from, to }) => [from, to]).join()).not.toContain("client eth0");
  });

  test("does not lend it its place behind a firewall", async () => {
    const published = text.replace("203.0.113.100, port: 80", "172.16.1.100, port: 80, publish: PUBLISH");
    const inside = published
      .replace("eth0: 10.0.2.253/24 }, gateway: 10.0.2.1", "eth0: 172.16.1.9/24 }, gateway: 172.16.1.1")
      .replace("PUBLISH", "{ on: fw, address: 10.0.2.1, hairpin: true }");
    const own = await serviceOf(inside);
    expect(own?.way).toMatchObject({ client: "client", peer: "172.16.1.1" });
    const other = inside.replace("role: client, interfaces: { eth0: 172", "role: real-server, interfaces: { eth0: 172");
    expect((await serviceOf(other))?.way).toMatchObject({ isClientElsewhere: true, peer: "CIP" });
  });
});

function marked(mode: string, settings: string): string {
  return `version: 1
name: marks
hosts:
  lb: { role: director, interfaces: { e0: 10.0.1.1/24, e1: 10.0.2.5/24 } }
  rs1: { role: real-server, interfaces: { e0: 10.0.2.11/24 }, gateway: 10.0.2.5 }
  pc: { role: client, interfaces: { e0: 10.0.1.101/24 }, gateway: 10.0.1.1 }
services:
  web: { mode: ${mode}, fwmark: 5, ${settings} }
`;
}

async function wayOf(text: string) {
  return (await serviceOf(text))?.way;
}

async function serviceOf(text: string) {
  const file = join(folder, "file.yaml");
  writeFileSync(file, text);
  return (await explain(file, "en")).services[0];
}
