/** One lab, and one mode after the other in its file: what they need of routes and gateways changes each time. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";

const HOSTS = ["fw", "lb", "rs1", "rs2", "client"];
const ROUTES = "ip -4 route show proto static; ip -4 route show default";

interface Mode {
  readonly mode: string;
  /** Of the real servers. */
  readonly gateway: string;
  readonly settings?: string;
}

const fileOf = (name: string, { mode, gateway, settings = "" }: Mode) => `version: 1
name: ${name}
hosts:
  fw:
    role: firewall
    interfaces: { eth0: 10.0.0.1/24, eth1: 198.51.100.1/24 }
  lb: { role: director, interfaces: { eth0: 10.0.0.2/24 }, gateway: 10.0.0.1 }
  rs1: { role: real-server, interfaces: { eth0: 10.0.0.11/24 }, gateway: ${gateway} }
  rs2: { role: real-server, interfaces: { eth0: 10.0.0.12/24 }, gateway: ${gateway} }
  client: { role: client, interfaces: { eth0: 198.51.100.50/24 }, gateway: 198.51.100.1 }
services:
  web: { mode: ${mode}, vip: 10.0.0.100, port: 80, scheduler: rr, testPage: true${settings} }
verify: { requests: 10, timeout: 3 }
`;

const DR: Mode = { mode: "dr", gateway: "10.0.0.1" };
const OTHERS: readonly Mode[] = [
  { mode: "nat", gateway: "10.0.0.2" },
  { mode: "tun", gateway: "10.0.0.1" },
  { mode: "fullnat", gateway: "10.0.0.1", settings: ", localAddresses: [10.0.0.201]" },
];

let lab: LabUnderTest;
let before: string;

const routes = async () => (await Promise.all(HOSTS.map((host) => lab.on(host, `echo ${host}; ${ROUTES}`)))).join("");

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-modes-in-turn", () => fileOf("e2e-modes-in-turn", DR));
  before = await routes();
});

afterAll(async () => {
  await lab?.down();
});

it("applies each to the lab of the first, with the gateways that it needs, and leaves the lab's own in the end", async () => {
  for (const mode of [DR, ...OTHERS]) {
    const file = lab.variant("turn.yaml", () => fileOf(lab.name, mode));
    const { status, stdout, stderr } = await lab.lvsctl("apply", "--lab", "--yes", "--no-drain", file);
    expect({ mode: mode.mode, status, said: stdout + stderr }).toMatchObject({ mode: mode.mode, status: 0 });
    expect(stdout).toContain("web: rr: rs1 5, rs2 5");
    expect(await lab.on("rs1", "ip -4 route show default")).toContain(`default via ${mode.gateway} `);
  }
  const last = lab.variant("turn.yaml", () => fileOf(lab.name, OTHERS[2] ?? DR));
  await succeeded(lab.lvsctl("destroy", "--lab", "--yes", "--no-drain", last));
  expect(await routes()).toBe(before);
});
