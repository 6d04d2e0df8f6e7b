/** A port or a range of ports as people write them: `80`, or `8000-8099`. */

/** Both ends of a range, which are equal for a single port. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The ends of a written port or range; NaN where it is neither. They are not checked. */
export function portRange(text: string | number): PortRange {
  const [first = Number.NaN, last = first] = String(text).split("-").map(Number);
  return { first, last };
}

/** Whether a range is one of ports that there are, the smaller one first. */
export function isPossible({ first, last }: PortRange): boolean {
  return first >= 1 && first <= last && last <= 65535;
}

/** The ends of a written port or range; undefined if there are no such ports. */
export function possibleRange(text: string | number): PortRange | undefined {
  const range = portRange(text);
  return isPossible(range) ? range : undefined;
}

/** Whether a written port or range contains a port. */
export function hasPort(range: string | number, port: number): boolean {
  const { first, last } = portRange(range);
  return first <= port && port <= last;
}

/** Whether two ranges have a port in common. */
export function portsMeet(one: PortRange, other: PortRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}
