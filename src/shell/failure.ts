/** What a program says when it fails, for a sentence. Pure. */
import type { ReadOutput } from "./read-script.ts";

const LONGEST = 300;

/** What only fills lines: advice of iptables, and remarks. */
const IDLE = /^(#|Perhaps .* needs to be upgraded)/;

/** The program's own words as one clause: without its version, the lines joined. Without words, its exit status. */
export function failureOf({ stderr, stdout, status }: ReadOutput): string {
  const lines = (text: string) =>
    text
      .split("\n")
      .map((line) => line.trim().replace(/^\S+(\/[\d.]+| v[\d.]+)( \(\w+\))?:? /, ""))
      .filter((line) => line !== "" && !IDLE.test(line));
  const [said, ...more] = [...lines(stderr), ...(stderr.trim() === "" ? lines(stdout) : [])];
  if (said === undefined) return `exit status ${status}`;
  return [said, ...more].join("; ").replace(/\.$/, "").slice(0, LONGEST);
}
