/** The state of a kernel parameter, and how its name is read. */
import type { State } from "./resource.ts";

/** The value of one kernel parameter. */
export interface SysctlState extends State {
  /** Dotted; a dot inside a name is written `/`: `net.ipv4.conf.eth0/100.rp_filter`. */
  readonly key: string;
  /** Words joined by single spaces: `4096 87380 6291456`. */
  readonly value: string;
  /** Another parameter that the kernel changes along with this one, with the value found. */
  readonly companion?: { readonly key: string; readonly value: string };
  /**
   * The parameters that the kernel sets to this one's value when it changes, on interfaces and for new ones: those that had
   * another value when this one was found. Absent if there were none.
   */
  readonly interfaces?: readonly { readonly key: string; readonly value: string }[];
}

/** A name with `.` for `/`, and the other way round: as it is written, and as a path or an interface has it. */
export function swapSeparators(name: string): string {
  return name.replace(/[./]/g, (separator) => (separator === "." ? "/" : "."));
}

/** The value that the last of these states gives to `accept_ra` of an interface; that of `all` does not count. */
export function acceptRaAt(device: string | undefined, states: readonly SysctlState[]): string | undefined {
  return device === undefined ? undefined : lastValue(`net.ipv6.conf.${swapSeparators(device)}.accept_ra`, states);
}

/** The value that the last of these states gives to a parameter. */
export function lastValue(wanted: string, states: readonly SysctlState[]): string | undefined {
  return states.findLast(({ key }) => key === wanted)?.value;
}

/** Where this turns IPv6 forwarding on: `all` or an interface, as in its key; undefined if it does not. */
export function forwardsIpv6At({ key, value }: SysctlState): string | undefined {
  const [, device] = /^net\.ipv6\.conf\.(.+)\.forwarding$/.exec(key) ?? [];
  return value === "0" || device === "default" ? undefined : device;
}
