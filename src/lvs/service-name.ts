/**
 * The names of virtual services. One of several that an entry of the topology file stands for has the entry's name with its
 * port, `web:443`, its address, `web@192.0.2.100`, or both; with firewall marks for both families, `web@ipv4`.
 */

import { andList } from "../errors/and-list.ts";

/** The entry of the file from which a virtual service comes. */
export function entryOf(service: string): string {
  return service.split(/[:@]/, 1)[0] ?? service;
}

/** Whether a virtual service has this name, or comes from the entry of this name. */
export function isNamed(service: string, wanted: string): boolean {
  return service === wanted || entryOf(service) === wanted;
}

/** A virtual service for people: the entry as the user wrote it and which part of it, `web, port 443 at 192.0.2.100`. */
export function inWords(service: string): string {
  const [, entry = service, address, port] = /^([^:@]+)(?:@(\[[^\]]+\]|[^:]+))?(?::(.+))?$/.exec(service) ?? [];
  if (port === undefined && address === undefined) return entry;
  if (address?.startsWith("ipv")) return `${entry}, IPv${address.slice(3)}`;
  const where = address === undefined ? [] : [`at ${address.replaceAll(/[[\]]/g, "")}`];
  return `${entry}, ${[...(port === undefined ? [] : [`port ${port}`]), ...where].join(" ")}`;
}

/** These of all virtual services, each entry by its own name where all of its parts are among them. */
export function wholeNames(services: readonly string[], all: readonly string[]): readonly string[] {
  const names = services.map((service) => {
    const entry = entryOf(service);
    return all.every((one) => entryOf(one) !== entry || services.includes(one)) ? entry : service;
  });
  return [...new Set(names)];
}

/** What is said of several virtual services, each text once, with all that it is about in front: `web and shop: none`. */
export function saidOf(said: readonly (readonly [service: string, text: string])[], all: readonly string[]): string[] {
  const texts = [...new Set(said.map(([, text]) => text))];
  return texts.map((text) => {
    const services = said.filter(([, other]) => other === text).map(([service]) => service);
    return `${andList(wholeNames(services, all).map(inWords))}: ${text}`;
  });
}
