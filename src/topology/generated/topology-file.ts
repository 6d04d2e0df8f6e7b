/** Generated from schemas/topology.schema.json by scripts/generate.mjs. Change the schema, then run `npm run generate`. */

/**
 * Lower-case letters, digits and hyphens, at most 63, with a letter or digit at both ends.
 */
export type Name = string;
/**
 * The TCP port of sshd. Default: as ssh_config says, else 22.
 */
export type SshPort = number;
/**
 * The user to log in as. Default: as ssh_config says, else the local user.
 */
export type SshUser = string;
/**
 * The path of the private key; `~` is the home directory. Default: as ssh_config says, and the agent's keys.
 */
export type IdentityFile = string;
/**
 * The host or hosts to go through, as `ssh -J` has it: [user@]host[:port], several separated by commas.
 */
export type Jump = string;
/**
 * How to become root where the user is not. Default: not at all.
 */
export type Become = "sudo";
/**
 * One subnet, or a list of the subnets that share the segment.
 */
export type Networks = Network | Network[];
/**
 * A subnet: its first address and the prefix length. Octets have no leading zeros, which some programs read as octal.
 */
export type Network = string;
/**
 * A firewall connects clients and directors, a director distributes requests, a real server answers them, a client tests.
 */
export type Role = "firewall" | "director" | "real-server" | "client";
/**
 * An address, a host name, or an alias from ssh_config.
 */
export type SshDestination = string;
/**
 * The address with its prefix length, or a list of them.
 */
export type InterfaceAddresses = InterfaceAddress | InterfaceAddress[];
/**
 * The host's own address with the prefix length of its subnet. Octets have no leading zeros, which some programs read as octal.
 */
export type InterfaceAddress = string;
/**
 * IPv4 or IPv6 without a prefix length; an IPv6 link-local address with its interface after a `%`.
 */
export type NextHop = string;
/**
 * One address, or a subnet with its prefix length. Octets have no leading zeros, which some programs read as octal.
 */
export type Target = string;
/**
 * As the host calls it; on Linux at most 15 letters, digits, and `.`, `_`, `-`. A host with `managed: false` that is no director may have any name: `Ethernet 2`.
 */
export type AnyInterfaceName = string;
/**
 * A number, or a text of at most 256 printable ASCII characters.
 */
export type SysctlValue = number | string;
/**
 * IPv4 or IPv6 without a prefix length. Octets have no leading zeros, which some programs read as octal.
 */
export type Address = string;
/**
 * As `ip link` prints it: at most 15 letters, digits, and `.`, `_`, `-`.
 */
export type InterfaceName = string;
/**
 * The address alone, or with the directors' interface and the prefix length.
 */
export type VipEntry = Address | Vip;
/**
 * A port from 1 to 65535, or a range such as 8000-8099.
 */
export type Ports = number | string;
/**
 * A transport protocol that IPVS knows.
 */
export type Protocol = "tcp" | "udp" | "sctp";
/**
 * As people call the host: letters, digits, dots, hyphens and underscores, at most 253, with a letter or digit first.
 */
export type HostName = string;
/**
 * What verify sends: requests by `http` or `https`, connections that say nothing (`tcp`), datagrams (`udp`), associations (`sctp`), questions to a name server (`dns`), OPTIONS requests to a SIP server (`sip`), or nothing (`none`).
 */
export type TestType = "http" | "https" | "tcp" | "udp" | "sctp" | "dns" | "sip" | "none";
/**
 * How one service uses a real server; empty for the defaults.
 */
export type RealServer = {
  /**
   * How packets reach this real server, where that is not the service's mode. Each has to be set up as its own mode requires.
   */
  mode?: string;
  /**
   * The real server's address for this service (the RIP), where the host has several. Default: the one on the directors' segment, else the first, of the service's family. Of several there, the one whose gateway is a director comes first where replies return through it, then the one in the network of the virtual address. A tunnel can also go to an address of the other family. Built-in modes that can: `tun`.
   */
  address?: Address;
  /**
   * The port on the real server, where it differs from the service's and the mode can change it. Built-in modes that can: `nat`, `fullnat`.
   */
  port?: number;
  /**
   * Relative weight; 0 drains the server.
   */
  weight?: number;
  /**
   * From this many connections on it gets no new ones; 0 for no limit.
   */
  upperThreshold?: number;
  /**
   * Below this many connections it gets new ones again; 0 for three quarters of the upper threshold.
   */
  lowerThreshold?: number;
} | null;

/**
 * A Linux Virtual Server installation: its hosts, how they are connected, and the services that they offer.
 */
export interface TopologyFile {
  /**
   * Topology format version; always 1.
   */
  version: 1;
  /**
   * Names the installation. What lvsctl makes on the hosts is kept under this name, so it must not change while the topology is applied.
   */
  name: Name;
  /**
   * How to log in to the hosts, where a host says nothing else. What neither says comes from ssh_config.
   */
  ssh?: SshDefaults;
  /**
   * Whether a host restores the confirmed state when it reboots.
   */
  persist?: boolean;
  /**
   * Layer-2 segments by name, each with the subnets on it. List only segments that carry several subnets.
   */
  networks?: {
    [k: string]: Networks;
  };
  /**
   * Every host of the installation by name: any name by which people know it, such as its name in DNS or in ssh_config, where lvsctl then logs in.
   */
  hosts: {
    [k: string]: Host;
  };
  /**
   * Every virtual service by name. All directors offer all of them.
   */
  services: {
    [k: string]: Service;
  };
  /**
   * When the directors forget idle connections. The kernel has one setting for all services of a host, so two topologies on a director cannot have different ones.
   */
  timeouts?: Timeouts;
  /**
   * How `lvsctl verify` tests the services.
   */
  verify?: Verify;
}
/**
 * How to log in to every host that says nothing else.
 */
export interface SshDefaults {
  port?: SshPort;
  user?: SshUser;
  identityFile?: IdentityFile;
  jump?: Jump;
  become?: Become;
}
/**
 * A host: its role, SSH login and network interfaces.
 */
export interface Host {
  /**
   * What the host does; `roles` says it for a host that does several things.
   */
  role?: Role;
  /**
   * What the host does, in place of `role`, where it does several things.
   *
   * @minItems 1
   */
  roles?: ("firewall" | "director" | "real-server" | "client")[];
  /**
   * Where and how to log in. Without it, the host's name is the destination, so that ssh_config can say the rest.
   */
  ssh?: SshDestination | Ssh;
  /**
   * Whether lvsctl logs in to the host. With `false` it never does: `plan` lists for the host's owner what it needs, and `verify` checks it from outside. For Windows, appliances, and other people's machines.
   */
  managed?: boolean;
  /**
   * The network interfaces by name, each with its address or addresses. Interfaces in one subnet are on one segment.
   */
  interfaces: {
    [k: string]: InterfaceAddresses;
  };
  /**
   * The default gateway, or a list of one for IPv4 and one for IPv6. It is in one of the host's own subnets, or reached by a route with `device`; a link-local one has its interface after a `%`.
   */
  gateway?: NextHop | NextHop[];
  /**
   * Routes besides those to the host's own subnets and to its default gateway.
   *
   * @maxItems 1024
   */
  routes?: Route[];
  /**
   * Kernel settings of your own for this host, by key.
   */
  sysctls?: {
    [k: string]: SysctlValue;
  };
}
/**
 * Where and how to log in to one host.
 */
export interface Ssh {
  /**
   * Where to connect to. Default: the host's name.
   */
  host?: SshDestination;
  port?: SshPort;
  user?: SshUser;
  identityFile?: IdentityFile;
  jump?: Jump;
  become?: Become;
}
/**
 * Where packets for a network go: to a router (`via`), or to hosts that are neighbours themselves (`device`).
 */
export interface Route {
  /**
   * The address or network that the route leads to.
   */
  to: Target;
  /**
   * The address of the router, in one of the host's own subnets, or reached by a route with `device`; a link-local one has its interface after a `%`.
   */
  via?: NextHop;
  /**
   * In place of `via`: the interface on which the network's hosts are, without a router between (an on-link route).
   */
  device?: AnyInterfaceName;
}
/**
 * One virtual service: an address and port (or a firewall mark), a mode, and the real servers behind it.
 */
export interface Service {
  /**
   * How packets reach the real servers: `dr`, `nat`, `tun`, `fullnat`, or the path of a playbook of your own, beginning with `./`, `../` or `/`.
   */
  mode: string;
  /**
   * The address that clients connect to: the address alone, or with the directors' interface and the prefix length. It is a free address that lvsctl adds, or the own address of a lone director in a mode in which real servers do not get it; that stays as it is.
   */
  vip?: Address | Vip;
  /**
   * In place of `vip`, several of them for one service, each written in the same way.
   *
   * @minItems 1
   * @maxItems 64
   */
  vips?: VipEntry[];
  /**
   * The port that clients connect to; 0 means every port and needs `persistence`.
   */
  port?: number;
  /**
   * In place of `port`, several ports and ranges for one service; real servers are asked on the same ones. With `persistence` a client has one real server on all of them. lvsctl uses a firewall mark of its own where the kernel needs one: for ranges, and for persistence.
   *
   * @minItems 1
   * @maxItems 32
   */
  ports?: Ports[];
  /**
   * The transport protocol of the service.
   */
  protocol?: Protocol & string;
  /**
   * In place of `vip` and `port`: one service for every packet that `match` marks with this number.
   */
  fwmark?: number;
  /**
   * Which packets a firewall-mark service gets.
   *
   * @minItems 1
   * @maxItems 256
   */
  match?: Match[];
  /**
   * How the director chooses a real server.
   */
  scheduler?:
    "rr" | "wrr" | "lc" | "wlc" | "lblc" | "lblcr" | "dh" | "sh" | "mh" | "sed" | "nq" | "fo" | "ovf" | "twos";
  /**
   * For the schedulers sh and mh: hash the source port too (sh-port, mh-port), or choose another real server for one that is not available (sh-fallback, mh-fallback).
   *
   * @minItems 1
   *
   * Items: The flag begins with the name of its scheduler.
   */
  schedulerFlags?: ("sh-port" | "sh-fallback" | "mh-port" | "mh-fallback")[];
  /**
   * Sends a client's later connections to the real server of its first.
   */
  persistence?: Persistence;
  /**
   * For a protocol whose connections belong together. `ftp`: data connections, active and passive, reach the real server of their control connection on port 21. Where the director rewrites packets, its kernel follows the protocol with the module ip_vs_ftp; in other modes `persistence` does it.
   */
  helper?: "ftp";
  /**
   * Schedules each UDP datagram by itself, without a connection entry.
   */
  onePacket?: boolean;
  /**
   * What keeps real servers that have the virtual address from answering ARP for it: the kernel settings arp_ignore and arp_announce, or arptables rules. Built-in modes: `dr`, `tun`.
   */
  arp?: "sysctl" | "arptables";
  /**
   * Makes a firewall pass on what arrives at a public address of its own (DNAT).
   */
  publish?: Publish;
  /**
   * Lets a host answer TCP handshakes first and pass on only those that a client completes.
   */
  synproxy?: Synproxy;
  /**
   * The header that the director puts around packets to the real servers. Built-in modes: `tun`.
   */
  tunnel?: Tunnel;
  /**
   * The largest TCP segment, in bytes, that real servers announce, so that a header around requests still fits: with packets of 1500 bytes and IP in IP 1440, or 1420 where the real server's address and the service's are of different families, or 1400 for IPv6 in IPv6; 4 less with GRE (8 with `checksum`), 12 less with GUE. Built-in modes: `tun`.
   */
  mssClamp?: number;
  /**
   * The director puts its own address in place of the client's, so that replies come back through it whatever the real servers' gateway is. Built-in modes: `nat`.
   */
  masquerade?: boolean;
  /**
   * Lets the real servers reach other networks through the director, as a router for them with its own address as their source. They need it as their gateway. Built-in modes: `nat`.
   */
  internet?: boolean;
  /**
   * Logs new connections to the kernel log of the director, each line beginning with this text: at most 29 printable ASCII characters.
   */
  log?: string;
  /**
   * The director's addresses (LIPs) that real servers see in place of the client's. Built-in modes: `fullnat`.
   *
   * @minItems 1
   * @maxItems 256
   */
  localAddresses?: Address[];
  /**
   * Runs a small server on each real server that lvsctl logs in to, which answers with the host's name: a web server for TCP, and a responder for UDP and SCTP.
   */
  testPage?: boolean;
  /**
   * How `lvsctl verify` tests the service: a type alone, or with settings. Default: the test page, where there is one; else by the port: HTTP on 80, 8080 and the like, HTTPS on 443 and 8443, DNS on 53, SIP on UDP port 5060, a datagram for other UDP ports, and for every other TCP port a few connections that say nothing; with `helper: ftp` the server has to greet.
   */
  verify?: TestType | ServiceTest;
  /**
   * A list of hosts, or a map with settings for each. A list can hold settings too, as entries with `host`, and then a host can stand there several times. `[]` if there are none yet. Default: every host with the role real-server.
   */
  realServers?:
    | (HostName | RealServerEntry)[]
    | {
        [k: string]: RealServer;
      };
}
/**
 * The address that clients connect to.
 */
export interface Vip {
  /**
   * The address that clients connect to.
   */
  address: Address;
  /**
   * The directors' interface that carries the address. Default: the one on the address's subnet.
   */
  interface?: InterfaceName;
  /**
   * The prefix length on the directors. Default: 32 for IPv4, 128 for IPv6. Real servers always get the whole length.
   */
  prefix?: number;
}
/**
 * Packets to an address or network, by protocol and port.
 */
export interface Match {
  /**
   * The address or network that packets go to.
   */
  address: Target;
  /**
   * The transport protocol of the packets.
   */
  protocol?: Protocol & string;
  /**
   * Ports and ranges of ports. Default: every port.
   *
   * @minItems 1
   * @maxItems 15
   */
  ports?: Ports[];
  /**
   * The directors' interface that gets a single address. Default: one in its network.
   */
  interface?: InterfaceName;
}
/**
 * Timeout and client netmask of sticky sessions.
 */
export interface Persistence {
  /**
   * Seconds after a client's last connection until it may get another real server; at most 31 days.
   */
  timeout?: number;
  /**
   * Clients that are equal under this mask count as one: a netmask for IPv4, where 0.0.0.0 makes one of all, or a prefix length for IPv6. Default: each client by itself.
   */
  netmask?: number | string;
  /**
   * What has to be equal besides the client. `sip`: the Call-ID of SIP over UDP, so that a call stays with its real server and the calls of one client are spread. Packets without a Call-ID are dropped.
   */
  engine?: "sip";
}
/**
 * A public address and port on a firewall.
 */
export interface Publish {
  /**
   * The host that has the public address; its role is firewall.
   */
  on: HostName;
  /**
   * The address on the firewall that clients connect to, or a list of several. With `vips` the first one leads to the first of them, and so on.
   */
  address: Address | Address[];
  /**
   * The port that clients connect to. Default: the service's port, or all of its `ports`.
   */
  port?: number;
  /**
   * Lets hosts behind the firewall use the public address too; real servers then see the firewall's address for them.
   */
  hairpin?: boolean;
}
/**
 * Which host answers handshakes, and with which TCP options. They have to be those of the real servers.
 */
export interface Synproxy {
  /**
   * A firewall in front, or the director itself if replies pass it. Built-in modes in which they do: `nat`, `fullnat`.
   */
  on: HostName;
  /**
   * The maximum segment size that the real servers announce, in bytes. Default: `mssClamp`, else 1460, or 1440 for IPv6.
   */
  mss?: number;
  /**
   * The window scale that the real servers announce.
   */
  windowScale?: number;
}
/**
 * The encapsulation between director and real servers.
 */
export interface Tunnel {
  /**
   * IP in IP, or the same in UDP (gue) or in GRE, which get through where plain IP in IP does not.
   */
  type?: "ipip" | "gue" | "gre";
  /**
   * For gue: the UDP port on the real servers.
   */
  port?: number;
  /**
   * For gue: whether the encapsulation has a checksum.
   */
  checksum?: boolean;
}
/**
 * How verify tests one service, and what it has to answer.
 */
export interface ServiceTest {
  /**
   * What verify sends. Default: by the port and the other settings.
   */
  type?: TestType;
  /**
   * Which of the service's ports to test, where it has several. Default: each port, and the first one of a range.
   */
  port?: number;
  /**
   * For `http` and `https`: what to ask for.
   */
  path?: string;
  /**
   * For `http` and `https`: the site's name, in the Host header and for TLS. For `dns`: the name to ask for. No name server is asked about it.
   */
  host?: string;
  /**
   * A number is the status that `http`, `https` and `sip` have to answer with; a text has to be in the answer. For `tcp` that is what the service says first; for `dns` an address that the name has. Default: any answer.
   */
  expect?: number | string;
  /**
   * For `https`: how the certificate is checked.
   */
  tls?: TestTls;
}
/**
 * How the certificate is checked.
 */
export interface TestTls {
  /**
   * Whether a certificate that is expired, for another name or by an unknown issuer fails the test. Default: only with `ca`.
   */
  verify?: boolean;
  /**
   * The path of a file on the host that sends the requests, with the certificates of the issuers to trust. Default: those of the host.
   */
  ca?: string;
}
/**
 * A host and how the service uses it. A host can stand in several entries, with different ports or addresses.
 */
export interface RealServerEntry {
  /**
   * The host; its role is real-server.
   */
  host: HostName;
  /**
   * How packets reach this real server, where that is not the service's mode. Each has to be set up as its own mode requires.
   */
  mode?: string;
  /**
   * The real server's address for this service (the RIP), where the host has several. Default: the one on the directors' segment, else the first, of the service's family. Of several there, the one whose gateway is a director comes first where replies return through it, then the one in the network of the virtual address. A tunnel can also go to an address of the other family. Built-in modes that can: `tun`.
   */
  address?: Address;
  /**
   * The port on the real server, where it differs from the service's and the mode can change it. Built-in modes that can: `nat`, `fullnat`.
   */
  port?: number;
  /**
   * Relative weight; 0 drains the server.
   */
  weight?: number;
  /**
   * From this many connections on it gets no new ones; 0 for no limit.
   */
  upperThreshold?: number;
  /**
   * Below this many connections it gets new ones again; 0 for three quarters of the upper threshold.
   */
  lowerThreshold?: number;
}
/**
 * Seconds until idle connections are forgotten. What is not named has the kernel's default.
 */
export interface Timeouts {
  /**
   * Seconds until an idle TCP connection is forgotten; its next packet is then answered with a reset. Longer than the client's and the server's own keepalive.
   */
  tcp?: number;
  /**
   * Seconds until a TCP connection is forgotten after one side has closed it.
   */
  tcpfin?: number;
  /**
   * Seconds after the last datagram until a client may get another real server.
   */
  udp?: number;
}
/**
 * How the services are tested.
 */
export interface Verify {
  /**
   * How many requests to send to each service.
   */
  requests?: number;
  /**
   * Seconds until a request counts as failed.
   */
  timeout?: number;
}
