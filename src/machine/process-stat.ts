/** What the kernel says about a process. Pure. */

/** A line of /proc/PID/stat. Source: proc(5). */
export interface ProcessStat {
  /** Its program's name, cut to 15 characters. */
  readonly program: string;
  /** `R`, `S`, `Z`, …. */
  readonly state: string;
  readonly parent: number;
  /** When it began, in clock ticks since boot, as the kernel prints it: field 22. */
  readonly started: string;
}

/** Parses /proc/PID/stat; undefined if it is not whole. A program's name may hold spaces and brackets. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const [state, parent, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const started = rest[17];
  if (state === undefined || started === undefined) return undefined;
  const program = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
  return { program, state, parent: Number(parent), started };
}
