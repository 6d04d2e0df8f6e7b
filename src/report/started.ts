/** What `lvsctl init` shows: the modes, what is wrong with an answer, and at the end the packet's path in short. */
import type { ExplainedHop, Explanation } from "./explanation.ts";
import { nextCommand } from "./next-command.ts";
import type { Output } from "./output.ts";
import { wrap } from "./wrap.ts";

/** A mode, to choose. */
interface Choice {
  readonly name: string;
  readonly summary: string;
}

/** Each mode with one sentence. */
export function formatModes(modes: readonly Choice[], output: Output): string {
  const column = Math.max(...modes.map(({ name }) => name.length)) + 4;
  const lines = modes.flatMap(({ name, summary }) => {
    const [sentence = ""] = summary.split(/(?<=[.;])\s/);
    const [first = "", ...more] = wrap(sentence.replace(/;$/, "."), output.width - column);
    return [
      `  ${output.paint("bold", name)}${" ".repeat(column - 2 - name.length)}${first}`,
      ...more.map((line) => " ".repeat(column) + line),
    ];
  });
  return `${lines.join("\n")}\n`;
}

/** Why an answer is refused. */
export function formatRefusal({ message, fix }: { readonly message: string; readonly fix: string }, output: Output) {
  return `${wrap(`  ${output.paint("red", "✗")} ${message} ${fix}`, output.width, "    ").join("\n")}\n`;
}

/** A question; Enter alone means `fallback`. */
export function formatQuestion(question: string, fallback: string): string {
  return `${question} [${fallback}]: `;
}

/** The file, the path of a packet of its service, and what to do next. */
export function formatStarted(file: string, { services }: Explanation, output: Output): string {
  const way = services[0]?.way;
  const hops = way?.hops ?? [];
  const title = services[0]?.playbooks[0]?.title ?? "";
  const canTest = way !== undefined && way.isClientElsewhere !== true;
  const next = canTest
    ? [
        nextCommand("explain", { file }),
        `sudo ${nextCommand("lab up", { file })}`,
        `sudo ${nextCommand("apply", { file, lab: true })}`,
      ]
    : ["explain", "plan", "apply"].map((command) => nextCommand(command, { file }));
  const notes = canTest
    ? ["every step of the path, and its reason", "create these hosts on this machine", "apply it there, and verify it"]
    : [
        "every step of the path, and its reason",
        "read the hosts, and show what would change",
        "change them, and verify it",
      ];
  const column = Math.max(...next.map((line) => line.length)) + 2;
  return `${[
    `${output.paint("green", "✓")} ${file} is written.`,
    "",
    output.paint("bold", `The packet's path: ${title}`),
    ...pathLines(hops, output.width),
    "",
    output.paint("bold", "Next:"),
    ...next.map((line, index) => `  ${line.padEnd(column)}# ${notes[index]}`),
  ].join("\n")}\n`;
}

function pathLines(hops: readonly ExplainedHop[], width: number): readonly string[] {
  const places = hops.map(({ from, to }) => `${from} → ${to}`);
  const column = Math.max(0, ...places.map((place) => place.length)) + 2;
  return hops.flatMap(({ direction, source, destination, outer }, index) => {
    const line = `  ${direction.padEnd(9)}${(places[index] ?? "").padEnd(column)}${source} → ${destination}`;
    if (outer === undefined) return [line];
    const around = `(in ${outer.protocol} to ${outer.destination})`;
    const isLong = line.length + 2 + around.length > width;
    return isLong ? [line, " ".repeat(11 + column) + around] : [`${line}  ${around}`];
  });
}
