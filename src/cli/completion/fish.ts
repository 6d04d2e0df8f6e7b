/** The completion script for fish. */
import type { CompletedCommand, CompletedFlag, Place } from "./words.ts";

/** The script, with one line for each word or flag and where it can appear. Source: complete(1) of fish. */
export function formatFishCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of lvsctl for fish, made by "lvsctl completion fish". Load it with: lvsctl completion fish | source

complete -c lvsctl -f
${commands.flatMap((command) => linesFor(command, commands)).join("\n")}
`;
}

function linesFor(command: CompletedCommand, all: readonly CompletedCommand[]): readonly string[] {
  const { path, next, flags, places } = command;
  const start = `complete -c lvsctl -n ${quote(conditionFor(path, all))}`;
  return [
    ...next.map(({ name, summary }) => `${start} -a ${name} -d ${quote(summary)}`),
    ...flags.map((flag) => `${start} ${flagFor(flag)}`),
    ...places.flatMap((place) => offer(place).map((words) => `${start} ${words}`)),
  ];
}

/** True if the words so far lead to this command and no further. */
function conditionFor(path: string, all: readonly CompletedCommand[]): string {
  if (path === "") return "__fish_use_subcommand";
  const words = path.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`);
  const next = all.find((command) => command.path === path)?.next ?? [];
  const further = next.map(({ name }) => name).join(" ");
  return [...words, ...(further === "" ? [] : [`not __fish_seen_subcommand_from ${further}`])].join("; and ");
}

function flagFor({ long, short, summary, value }: CompletedFlag): string {
  const names = [`-l ${long.slice(2)}`, ...(short === undefined ? [] : [`-s ${short.slice(1)}`])].join(" ");
  return `${names}${value === undefined ? "" : ` ${valueFor(value)}`} -d ${quote(summary)}`;
}

function valueFor(place: Place): string {
  return [place.isFile ? "-r" : "-x", ...offer(place)].join(" ");
}

/** What is offered in a place, if anything: `-F`, files; `-a`, words. */
function offer({ words, isFile }: Place): readonly string[] {
  const options = [...(isFile ? ["-F"] : []), ...(words.length > 0 ? [`-a ${quote(words.join(" "))}`] : [])];
  return options.length > 0 ? [options.join(" ")] : [];
}

/** In fish, a quote within quotes is escaped with a backslash. */
function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
