/**
 * The names of virtual services. One of several that an entry of the topology file stands for has the entry's name with its
 * port, `web:443`, its address, `web@192.0.2.100`, or both.
 */

/** The entry of the file from which a virtual service comes. */
export function entryOf(service: string): string {
  return service.split(/[:@]/, 1)[0] ?? service;
}

/** Whether a virtual service has this name, or comes from the entry of this name. */
export function isNamed(service: string, wanted: string): boolean {
  return service === wanted || entryOf(service) === wanted;
}
