/**
 * The order in which a host restores what a reboot has lost. A parameter needs its module; no address may exist before the
 * parameters and ARP rules that keep it from answering; programs run before requests are sent to them; announcements come last,
 * when everything is in place.
 */
export const bootPlaces = [
  "kernel modules",
  "kernel parameters",
  "ARP parameters",
  "ARP rules",
  "devices",
  "tunnel ports",
  "addresses",
  "routes",
  "netfilter rules",
  "programs",
  "virtual services",
  "real servers",
  "announcements",
] as const;

/** A place in that order. */
export type BootPlace = (typeof bootPlaces)[number];

/**
 * What is not done if something of these places has failed. A host whose ARP could not be silenced must not take a VIP, and
 * what is not complete must not be announced. Other parameters cost nobody an address: without them a director may still serve.
 */
export const reliesOn: Readonly<Partial<Record<BootPlace, readonly BootPlace[]>>> = {
  addresses: ["ARP parameters", "ARP rules"],
  routes: ["ARP parameters", "ARP rules"],
  announcements: ["addresses", "routes", "netfilter rules", "virtual services", "real servers"],
};
