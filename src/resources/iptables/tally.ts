/** Marks places from 1 to `size`, and counts the marks up to a place: both in steps that grow with the logarithm of `size` (Fenwick's tree). */
export class Tally {
  /** How many marks there are. */
  total = 0;
  private readonly sums: number[];

  constructor(size: number) {
    this.sums = Array<number>(size + 1).fill(0);
  }

  /** Adds a mark at a place. */
  add(place: number): void {
    this.total += 1;
    for (let at = place; at < this.sums.length; at += at & -at) this.sums[at] = (this.sums[at] ?? 0) + 1;
  }

  /** The number of marks up to and including a place. */
  upTo(place: number): number {
    let count = 0;
    for (let at = place; at > 0; at -= at & -at) count += this.sums[at] ?? 0;
    return count;
  }
}
