/** examples/dr.yaml as the loader returns it, for tests of what comes after the loader. */
import type { Host, Interface, InterfaceAddress, Role, Topology } from "../../src/topology/topology.ts";

const realServer = (name: string, address: string): Host => ({
  ...host(name, "real-server", [nic("eth0", "sw1", [address])]),
  gateways: [{ family: 4, via: "172.16.20.1" }],
});

/** Direct routing behind a firewall: fw, dr, rs1, rs2 and client. */
export const drTopology: Topology = {
  name: "dr-lab",
  file: "examples/dr.yaml",
  persist: true,
  segments: [
    { name: "sw1", networks: ["172.16.10.0/24", "172.16.20.0/24"] },
    { name: "10.0.2.0/24", networks: ["10.0.2.0/24"] },
  ],
  hosts: [
    host("fw", "firewall", [
      nic("eth0", "10.0.2.0/24", ["10.0.2.1"]),
      nic("eth1", "sw1", ["172.16.10.1", "172.16.20.1"]),
    ]),
    {
      ...host("dr", "director", [nic("eth0", "sw1", ["172.16.20.10"])]),
      gateways: [{ family: 4, via: "172.16.20.1" }],
    },
    realServer("rs1", "172.16.20.20"),
    realServer("rs2", "172.16.20.30"),
    {
      ...host("client", "client", [nic("eth0", "10.0.2.0/24", ["10.0.2.253"])]),
      gateways: [{ family: 4, via: "10.0.2.1" }],
    },
  ],
  services: [
    {
      name: "web",
      mode: "dr",
      vip: { address: "172.16.10.10", family: 4, prefix: 32 },
      port: 80,
      protocol: "tcp",
      family: 4,
      match: [],
      scheduler: "rr",
      schedulerFlags: [],
      onePacket: false,
      arp: "sysctl",
      publish: {
        on: "fw",
        address: "10.0.2.1",
        addresses: ["10.0.2.1"],
        port: 80,
        ports: ["80"],
        to: "172.16.10.10",
        hairpin: false,
      },
      tunnel: { type: "ipip", checksum: false },
      masquerade: false,
      internet: false,
      localAddresses: [],
      testPage: true,
      verify: {},
      directors: [{ host: "dr", managed: true, address: "172.16.20.10", device: "eth0" }],
      realServers: [
        { host: "rs1", managed: true, address: "172.16.20.20", family: 4, device: "eth0", port: 80, ...unweighted() },
        { host: "rs2", managed: true, address: "172.16.20.30", family: 4, device: "eth0", port: 80, ...unweighted() },
      ],
    },
  ],
  verify: { requests: 20, timeoutSeconds: 5 },
};

function host(name: string, role: Role, interfaces: readonly Interface[]): Host {
  return {
    name,
    roles: [role],
    managed: true,
    ssh: { destination: name },
    interfaces,
    gateways: [],
    routes: [],
    sysctls: [],
  };
}

function nic(name: string, segment: string, addresses: readonly string[]): Interface {
  return {
    name,
    segment,
    addresses: addresses.map((address): InterfaceAddress => ({ address, prefix: 24, family: 4 })),
  };
}

function unweighted() {
  return { weight: 1, upperThreshold: 0, lowerThreshold: 0 };
}
