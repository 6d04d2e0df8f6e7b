/** Commands in Markdown, and what they print. Pure. */
/** A fenced block: `info` is what stands after the fence, `note` the comment right above it, without its marks. */
export interface Block {
  readonly line: number;
  readonly info: string;
  readonly note: string | undefined;
  readonly text: string;
}

/** A command of a `console` block, and the lines that it is to print; `…` stands for any text, alone for any lines. */
export interface Step {
  readonly line: number;
  readonly command: string;
  readonly printed: readonly string[];
}

/** The fenced blocks of a document. */
export function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length; index++) {
    const [, info] = /^```(.*)$/.exec(lines[index] ?? "") ?? [];
    if (info === undefined) continue;
    const end = lines.indexOf("```", index + 1);
    if (end < 0) throw new Error(`The block in line ${index + 1} has no end.`);
    const above = lines.slice(0, index).findLast((line) => line !== "");
    const [, note] = /^<!-- (.*) -->$/.exec(above ?? "") ?? [];
    blocks.push({ line: index + 1, info: info.trim(), note, text: lines.slice(index + 1, end).join("\n") });
    index = end;
  }
  return blocks;
}

/** The steps of a `console` block: `$ ` begins a command, a backslash at its end continues it. */
export function stepsOf({ text, line: first }: Block): readonly Step[] {
  const steps: { line: number; command: string; printed: string[] }[] = [];
  let isOpen = false;
  for (const [index, line] of text.split("\n").entries()) {
    const last = steps.at(-1);
    if (isOpen && last !== undefined) last.command += `\n${line}`;
    else if (line.startsWith("$ ")) steps.push({ line: first + 1 + index, command: line.slice(2), printed: [] });
    else if (last === undefined) throw new Error(`Line ${first + 1 + index} is printed by no command.`);
    else last.printed.push(line);
    isOpen = (steps.at(-1)?.command ?? "").endsWith("\\") && (isOpen || line.startsWith("$ "));
  }
  return steps;
}

/** Whether this was printed, spaces at ends of lines apart; undefined, or the first expected line that was not. */
export function missingLine(printed: readonly string[], actual: string): string | undefined {
  const left = actual
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
  const expected = printed.map((line) => line.trimEnd());
  while (expected.at(-1) === "") expected.pop();
  let at = 0;
  let maySkip = false;
  for (const line of expected) {
    if (line === "…") {
      maySkip = true;
      continue;
    }
    const pattern = new RegExp(`^${line.split("…").map(escaped).join(".*")}$`, "u");
    const found = left.findIndex((one, index) => index >= at && pattern.test(one));
    if (found < 0 || (found > at && !maySkip)) return line;
    at = found + 1;
    maySkip = false;
  }
  const rest = left.slice(at).filter((line) => line !== "");
  return maySkip || rest.length === 0 ? undefined : `nothing more, and not: ${rest[0]}`;
}

/**
 * The page with what its commands print now in place of what it says they print. `outputs`: by the line of each command;
 * those of other commands stay. What differs each time, such as how long something took, is left open.
 */
export function withOutputs(markdown: string, outputs: ReadonlyMap<number, string>): string {
  const replaced = new Map<number, { readonly until: number; readonly lines: readonly string[] }>();
  for (const block of blocksOf(markdown).filter(({ info }) => info === "console")) {
    for (const { line, command, printed } of stepsOf(block)) {
      const output = outputs.get(line);
      if (output === undefined) continue;
      const first = line + command.split("\n").length;
      const open = withoutTimes(output.trimEnd());
      replaced.set(first, { until: first + printed.length, lines: open === "" ? [] : open.split("\n") });
    }
  }
  const lines = markdown.split("\n");
  for (const [first, { until, lines: now }] of [...replaced].sort(([one], [other]) => other - one)) {
    lines.splice(first - 1, until - first, ...now);
  }
  return lines.join("\n");
}

/** With `…` in place of how long something took; minutes count as seconds. */
export function withoutTimes(text: string): string {
  return text.replaceAll(/\b(?:\d+ min(?: \d+ s)?|\d+(?:\.\d+)? s)\b/g, "… s").replaceAll(/\b\d+ ms\b/g, "… ms");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
