/**
 * The stages of an apply, in order. A stage begins when the one before has succeeded on every host; destroy goes
 * through them backwards. The order is a matter of correctness: a real server must neither answer ARP for the VIP nor
 * be sent a request before it is ready, and the public way in opens last. A mark takes packets away from any other service
 * on their address, so it is put on when the service that gets them is complete, and goes before that service does.
 */
export const stages = [
  "kernel-modules",
  "base-network",
  "real-server-arp",
  "real-server-address",
  "real-server-web",
  "director-network",
  "virtual-service",
  "real-servers",
  "announce",
  "publish",
  "marks",
] as const;

/** One of the stages. */
export type Stage = (typeof stages)[number];
