/** What a list names more than once. Pure. */
import { type PortRange, portsMeet } from "../lvs/port-range.ts";

/** An address, or a port or range. */
export type Item = string | PortRange;

/** An item of a list that an earlier one covers, and what to say of it. */
export interface Repeated {
  readonly index: number;
  readonly message: string;
  readonly hint: string;
}

/** Items that an earlier one covers. An impossible one, which is reported as such, is undefined. */
export function* repeated(items: readonly (Item | undefined)[]): Iterable<Repeated> {
  for (const [index, item] of items.entries()) {
    if (item === undefined) continue;
    const earlier = items.slice(0, index).find((other) => other !== undefined && meet(item, other));
    if (earlier === undefined) continue;
    const isSame = showItem(item) === showItem(earlier);
    const message = isSame
      ? `${showItem(item)} is there twice.`
      : `${showItem(item)} and ${showItem(earlier)} overlap.`;
    yield { index, message, hint: isSame ? "Delete one of the two." : "Name each port once." };
  }
}

function meet(one: Item, other: Item): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return portsMeet(one, other);
}

/** An item for messages. */
export function showItem(item: Item): string {
  if (typeof item === "string") return item;
  return item.first === item.last ? `port ${item.first}` : `${item.first}-${item.last}`;
}
