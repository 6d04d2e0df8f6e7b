/** All resource kinds, by their names in playbooks, plans and ledgers. A new kind is added here and nowhere else. */
import { address } from "./address.ts";
import { arptablesRule } from "./arptables-rule.ts";
import { bootUnit } from "./boot-unit.ts";
import { file } from "./file.ts";
import { fouPort } from "./fou-port.ts";
import { gratuitousArp } from "./gratuitous-arp.ts";
import { iptablesRule } from "./iptables/iptables-rule.ts";
import { ipvsDestination } from "./ipvs-destination.ts";
import { ipvsService } from "./ipvs-service.ts";
import { ipvsTimeouts } from "./ipvs-timeouts.ts";
import { kernelModule } from "./kernel-module.ts";
import type { ResourceKind, State } from "./resource.ts";
import { responder } from "./responder.ts";
import { route } from "./route.ts";
import { sysctl } from "./sysctl.ts";
import { tunnel } from "./tunnel.ts";
import { webServer } from "./web-server.ts";

/** The kinds that lvsctl has, by name. */
export const kinds: ReadonlyMap<string, ResourceKind> = byName([
  register(address),
  register(arptablesRule),
  register(bootUnit),
  register(file),
  register(fouPort),
  register(gratuitousArp),
  register(iptablesRule),
  register(ipvsDestination),
  register(ipvsService),
  register(ipvsTimeouts),
  register(kernelModule),
  register(responder),
  register(route),
  register(sysctl),
  register(tunnel),
  register(webServer),
]);

/**
 * Drops the types of a kind's states and details. That is safe because code that works with all kinds gives each kind only
 * the data that it produced itself.
 */
export function register<S extends State, Detail>(kind: ResourceKind<S, Detail>): ResourceKind {
  return kind as ResourceKind;
}

function byName(all: readonly ResourceKind[]): ReadonlyMap<string, ResourceKind> {
  return new Map(all.map((kind) => [kind.kind, kind]));
}
