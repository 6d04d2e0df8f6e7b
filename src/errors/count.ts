/** A number with its noun: `1 host`, `2 hosts`. For nouns whose plural has an s. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
