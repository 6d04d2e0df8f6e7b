import type { ModeTraits } from "../topology/mode-traits.ts";
import type {
  Director,
  Host,
  Interface,
  InterfaceAddress,
  Place,
  RealServer,
  Segment,
  Service,
  Topology,
} from "../topology/topology.ts";
import type { SshDestination } from "../transport/ssh-config.ts";
import type { Client } from "./playbook.ts";

/**
 * The types that expressions can use, under the names that messages show: `A Host has no field "ip"`. From these,
 * scripts/model-types.mjs generates the types of all fields in the expression language.
 */
export interface Model {
  readonly Topology: Topology;
  readonly Verification: Topology["verify"];
  readonly Timeouts: NonNullable<Topology["timeouts"]>;
  readonly Segment: Segment;
  readonly Host: Host;
  readonly Ssh: SshDestination;
  readonly Interface: Interface;
  readonly InterfaceAddress: InterfaceAddress;
  readonly Gateway: Host["gateways"][number];
  readonly Route: Host["routes"][number];
  readonly Sysctl: Host["sysctls"][number];
  readonly Service: Service;
  readonly Vip: NonNullable<Service["vip"]>;
  readonly Match: Service["match"][number];
  readonly Persistence: NonNullable<Service["persistence"]>;
  readonly Publish: NonNullable<Service["publish"]>;
  readonly Synproxy: NonNullable<Service["synproxy"]>;
  readonly Tunnel: Service["tunnel"];
  readonly Test: Service["verify"];
  readonly Tls: NonNullable<Service["verify"]["tls"]>;
  readonly Director: Director;
  readonly Place: Place;
  readonly RealServer: RealServer;
  readonly Client: Client;
  readonly Traits: ModeTraits;
  readonly Rewrites: NonNullable<ModeTraits["rewrites"]>;
  readonly ModeSettings: NonNullable<ModeTraits["settings"]>;
}
