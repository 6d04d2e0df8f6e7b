/**
 * The topology as the rest of the program sees it: names resolved, defaults filled in, every address parsed.
 * Nothing here depends on how the file spelled it.
 */

import type { TestType } from "../lvs/test-types.ts";
import type { Family } from "../net/address.ts";
import type { SshDestination } from "../transport/ssh-config.ts";

/** What a host does in the installation; it can have several roles. */
export type Role = "firewall" | "director" | "real-server" | "client";

/** The protocols that a service can have. */
export type Protocol = "tcp" | "udp" | "sctp";

/** A whole installation. */
export interface Topology {
  readonly name: string;
  /** The path of the file, as the user gave it. */
  readonly file: string;
  /** Whether the confirmed state comes back after a reboot. */
  readonly persist: boolean;
  /** Layer-2 segments; every interface address lies on exactly one. */
  readonly segments: readonly Segment[];
  /** In the order of the file. */
  readonly hosts: readonly Host[];
  /** In the order of the file. */
  readonly services: readonly Service[];
  /** When IPVS forgets idle connections, in seconds; absent where the topology leaves that alone. */
  readonly timeouts?: { readonly tcp: number; readonly tcpfin: number; readonly udp: number };
  readonly verify: { readonly requests: number; readonly timeoutSeconds: number };
}

/** A layer-2 segment. */
export interface Segment {
  readonly name: string;
  /** Networks on the segment, canonical, `172.16.10.0/24`. */
  readonly networks: readonly string[];
}

/** A host, whatever its roles. */
export interface Host {
  readonly name: string;
  readonly roles: readonly Role[];
  /** False: lvsctl never logs in to it; its owner is responsible for what it needs. */
  readonly managed: boolean;
  readonly ssh: SshDestination;
  readonly interfaces: readonly Interface[];
  /** Default gateways: at most one a family. `device`: where it is not in a subnet of the host. */
  readonly gateways: readonly { readonly family: Family; readonly via: string; readonly device?: string }[];
  readonly routes: readonly Route[];
  readonly sysctls: readonly { readonly key: string; readonly value: string }[];
}

/** A route of a host: to a router, or to neighbours on an interface. `via` comes with a `device` where the router is not in a subnet of the host. */
export interface Route {
  /** Canonical. */
  readonly to: string;
  readonly via?: string;
  readonly device?: string;
  readonly family: Family;
}

/** A network interface with its addresses from the file, without those that lvsctl adds. */
export interface Interface {
  readonly name: string;
  readonly addresses: readonly InterfaceAddress[];
  /** The segment's name. */
  readonly segment: string;
}

/** An address with the length of its network's prefix. */
export interface InterfaceAddress {
  readonly address: string;
  readonly prefix: number;
  readonly family: Family;
}

/** A virtual service. */
export interface Service {
  readonly name: string;
  /** The name of a built-in mode, or the path of a user's playbook, resolved against the topology file. */
  readonly mode: string;
  /** Absent for a firewall-mark service. `ownedBy`: the director whose own address it is; absent where lvsctl adds it. */
  readonly vip?: InterfaceAddress & { readonly ownedBy?: string };
  /** 0 means every port, with persistence. Absent for a firewall-mark service. */
  readonly port?: number;
  readonly protocol: Protocol;
  readonly family: Family;
  readonly fwmark?: number;
  readonly match: readonly {
    /** A single address, or a network with its prefix length. */
    readonly address: string;
    /** For a single address: the prefix length with which directors have it. Absent for a network. */
    readonly prefix?: number;
    readonly protocol: Protocol;
    /** `80`, or `8000-8099`. */
    readonly ports: readonly string[];
  }[];
  readonly scheduler: string;
  readonly schedulerFlags: readonly string[];
  readonly persistence?: { readonly timeout: number; readonly netmask?: string; readonly engine?: "sip" };
  /** What takes part in the service's protocol, so that connections that belong together reach one real server. */
  readonly helper?: "ftp";
  readonly onePacket: boolean;
  readonly arp: "sysctl" | "arptables";
  readonly publish?: {
    readonly on: string;
    /** The first of the public addresses. */
    readonly address: string;
    readonly addresses: readonly string[];
    /** The first of the public ports. */
    readonly port: number;
    /** `80`, or `8000-8099`. */
    readonly ports: readonly string[];
    /** The virtual address to which the firewall translates them. */
    readonly to: string;
    readonly hairpin: boolean;
  };
  readonly synproxy?: { readonly on: string; readonly mss: number; readonly windowScale: number };
  readonly tunnel: { readonly type: "ipip" | "gue" | "gre"; readonly port?: number; readonly checksum: boolean };
  readonly mssClamp?: number;
  readonly masquerade: boolean;
  /** Whether the directors lead real servers to other networks. */
  readonly internet: boolean;
  /** The prefix of lines in the kernel log, if the service logs. */
  readonly log?: string;
  readonly localAddresses: readonly string[];
  readonly testPage: boolean;
  /** How verification tests it, as far as the file says. */
  readonly verify: ServiceTest;
  readonly directors: readonly Director[];
  readonly realServers: readonly RealServer[];
}

/** How verification tests a service, and what has to be answered. */
export interface ServiceTest {
  readonly type?: TestType;
  readonly port?: number;
  readonly path?: string;
  readonly host?: string;
  /** The status, of HTTP or SIP, that is expected, and the text. */
  readonly status?: number;
  readonly text?: string;
  readonly tls?: { readonly verify: boolean; readonly ca?: string };
}

/** A director as one service uses it. */
export interface Director {
  readonly host: string;
  /** Whether lvsctl logs in to the host. */
  readonly managed: boolean;
  /** The DIP: its address on the segment towards the real servers, of the first one's family if it has one. */
  readonly address: string;
  /** The interface that carries the VIP. */
  readonly device: string;
  /** The interfaces for the addresses that a mark matches, and for local ones; absent if there are none. */
  readonly places?: readonly Place[];
  /** For a service with `internet`: the networks of the real servers' addresses, `172.16.10.0/24`. */
  readonly inside?: readonly string[];
  /** For a service with `internet`: the director's interfaces that lead to no real server of a mode with that setting. */
  readonly outside?: readonly string[];
}

/** An address that a director gets, and on which of its interfaces. */
export interface Place {
  readonly address: string;
  readonly device: string;
}

/** A real server as one service uses it. */
export interface RealServer {
  readonly host: string;
  /** Whether lvsctl logs in to the host. */
  readonly managed: boolean;
  /** The RIP. */
  readonly address: string;
  /** The RIP's; the service's own, except in modes that can mix families. */
  readonly family: Family;
  /** The interface that carries the RIP. */
  readonly device: string;
  readonly port: number;
  readonly weight: number;
  /** 0: no threshold. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
}
