/**
 * The order in which a host restores what a reboot has lost. A parameter needs its module; no address may exist before the
 * parameters and ARP rules that keep it from answering; announcements come last, when everything is in place.
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
