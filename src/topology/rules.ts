import type { Rule } from "./draft.ts";
import { claims } from "./rules/claims.ts";
import { clientsWithOtherRoles } from "./rules/clients-with-other-roles.ts";
import { destinationSchedulers } from "./rules/destination-schedulers.ts";
import { directorRealServers } from "./rules/director-real-servers.ts";
import { directorSource } from "./rules/director-source.ts";
import { disabledIpv6Settings } from "./rules/disabled-ipv6.ts";
import { duplicateAddresses } from "./rules/duplicate-addresses.ts";
import { forgottenRoutes } from "./rules/forgotten-routes.ts";
import { ftp } from "./rules/ftp.ts";
import { ftpPortsTaken } from "./rules/ftp-ports-taken.ts";
import { futureAddresses } from "./rules/future-addresses.ts";
import { hostLogins } from "./rules/host-logins.ts";
import { hostReferences } from "./rules/host-references.ts";
import { idleSettings } from "./rules/idle-settings.ts";
import { interfaceSettings } from "./rules/interface-settings.ts";
import { interfaces } from "./rules/interfaces.ts";
import { internetAccess } from "./rules/internet-access.ts";
import { keyedInterfaces } from "./rules/keyed-interfaces.ts";
import { localAddressReplies } from "./rules/local-address-replies.ts";
import { localAddresses } from "./rules/local-addresses.ts";
import { manyClients } from "./rules/many-clients.ts";
import { markingModes } from "./rules/marking-modes.ts";
import { marks } from "./rules/marks.ts";
import { mixedSources } from "./rules/mixed-sources.ts";
import { nextHops } from "./rules/next-hops.ts";
import { ownConnections } from "./rules/own-connections.ts";
import { ownLogin } from "./rules/own-login.ts";
import { persistenceEngine } from "./rules/persistence-engine.ts";
import { persistenceNetmask } from "./rules/persistence-netmask.ts";
import { prefixLengths } from "./rules/prefix-lengths.ts";
import { publication } from "./rules/publication.ts";
import { reachability } from "./rules/reachability.ts";
import { realServerAddresses } from "./rules/real-server-addresses.ts";
import { realServerPorts } from "./rules/real-server-ports.ts";
import { repliesBeyond } from "./rules/replies-beyond.ts";
import { repliesPastDirector } from "./rules/replies-past-director.ts";
import { repliesThroughDirector } from "./rules/replies-through-director.ts";
import { repliesToSome } from "./rules/replies-to-some.ts";
import { requiredSettings } from "./rules/required-settings.ts";
import { returnPath } from "./rules/return-path.ts";
import { routers } from "./rules/routers.ts";
import { routes } from "./rules/routes.ts";
import { routingLoops } from "./rules/routing-loops.ts";
import { sameRealServer } from "./rules/same-real-server.ts";
import { scheduling } from "./rules/scheduling.ts";
import { segmentNames } from "./rules/segment-names.ts";
import { segmentRoom } from "./rules/segment-room.ts";
import { serviceCount } from "./rules/service-count.ts";
import { serviceHosts } from "./rules/service-hosts.ts";
import { serviceIdentity } from "./rules/service-identity.ts";
import { serviceTests } from "./rules/service-tests.ts";
import { several } from "./rules/several.ts";
import { sharedAddresses } from "./rules/shared-addresses.ts";
import { sharedSegment } from "./rules/shared-segment.ts";
import { singleRealServer } from "./rules/single-real-server.ts";
import { sourceCheck } from "./rules/source-check.ts";
import { synProxy } from "./rules/syn-proxy.ts";
import { synProxyWay } from "./rules/syn-proxy-way.ts";
import { testPages } from "./rules/test-pages.ts";
import { tftp } from "./rules/tftp.ts";
import { tunnelPorts } from "./rules/tunnel-ports.ts";
import { usableAddresses } from "./rules/usable-addresses.ts";
import { vipInterfaces } from "./rules/vip-interfaces.ts";
import { vipPrefixes } from "./rules/vip-prefixes.ts";
import { virtualAddresses } from "./rules/virtual-addresses.ts";
import { vpn } from "./rules/vpn.ts";
import { weights } from "./rules/weights.ts";

/** All rules, in any order: problems are sorted by position. */
export const rules: readonly Rule[] = [
  claims,
  clientsWithOtherRoles,
  destinationSchedulers,
  directorRealServers,
  directorSource,
  disabledIpv6Settings,
  duplicateAddresses,
  forgottenRoutes,
  ftp,
  ftpPortsTaken,
  futureAddresses,
  hostLogins,
  hostReferences,
  idleSettings,
  interfaceSettings,
  interfaces,
  internetAccess,
  keyedInterfaces,
  localAddressReplies,
  localAddresses,
  markingModes,
  manyClients,
  marks,
  mixedSources,
  nextHops,
  ownConnections,
  ownLogin,
  persistenceEngine,
  persistenceNetmask,
  prefixLengths,
  publication,
  reachability,
  realServerAddresses,
  realServerPorts,
  repliesBeyond,
  repliesPastDirector,
  repliesThroughDirector,
  repliesToSome,
  requiredSettings,
  returnPath,
  routers,
  routes,
  routingLoops,
  sameRealServer,
  scheduling,
  segmentNames,
  segmentRoom,
  serviceCount,
  serviceHosts,
  serviceIdentity,
  serviceTests,
  several,
  sharedAddresses,
  sharedSegment,
  singleRealServer,
  sourceCheck,
  synProxy,
  synProxyWay,
  testPages,
  tftp,
  tunnelPorts,
  usableAddresses,
  vipInterfaces,
  vipPrefixes,
  virtualAddresses,
  vpn,
  weights,
];
