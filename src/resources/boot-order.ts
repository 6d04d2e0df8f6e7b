/**
 * The order in which a host gets back what a restart has taken away. A parameter needs its module; no address may be
 * there before the parameters and ARP rules that keep it from answering; announcements come when all else is in place.
 */
export const bootPlaces = [
  "kernel modules",
  "kernel parameters",
  "ARP rules",
  "devices",
  "tunnel ports",
  "addresses",
  "routes",
  "netfilter rules",
  "virtual services",
  "real servers",
  "programs",
  "announcements",
] as const;

/** A place in that order. */
export type BootPlace = (typeof bootPlaces)[number];
