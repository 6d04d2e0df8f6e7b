/** Services by UDP that may never reply, as with syslog. */
import type { Service } from "./topology.ts";

/** Whether all packets of a service are UDP, so that requests arrive even if no reply ever does. */
export function isUdp({ protocol, match }: Service): boolean {
  return match.length > 0 ? match.every((one) => one.protocol === "udp") : protocol === "udp";
}

/** Whether the file lets nobody wait for a reply of such a service. */
export function isUnheard(service: Service): boolean {
  return isUdp(service) && service.verify.type === "none";
}

/** What a file says of a service by UDP that never replies: a sentence after a blank, or nothing for other services. */
export function ifItNeverReplies(service: Service, settings: string): string {
  return isUdp(service) ? ` If the service never replies, as with syslog, say so by ${settings}.` : "";
}
