import { expect, it } from "vitest";
import { unverifiable } from "../../src/verify/send-requests.ts";
import { loadTopology } from "../helpers/load-topology.ts";

const hosts = `version: 1
name: lab
hosts:
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 } }
  rs1: { role: real-server, interfaces: { eth0: 172.16.10.21/24 } }
services:
`;

it.each([
  ["realServers: []", "it has no real servers yet"],
  ["realServers: { rs1: { weight: 0 } }", "all of its real servers have weight 0"],
  ["realServers: [rs1]", undefined],
])("with %s", (realServers, reason) => {
  const { topology } = loadTopology(
    `${hosts}  web: { mode: dr, vip: 172.16.10.10, port: 80, ${realServers} }\n`,
    "lab.yaml",
  );
  if (topology === undefined) throw new Error("The topology is wrong.");
  expect(unverifiable(topology)).toEqual(reason === undefined ? [] : [`web: no requests were sent: ${reason}`]);
});
