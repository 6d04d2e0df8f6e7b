/** The completion script for fish. */
import type { CompletedCommand, CompletedFlag, Place } from "./words.ts";

/** The script, with one line for each word or flag and where it can appear. Source: complete(1) of fish. */
export function formatFishCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of lvsctl for fish, made by "lvsctl completion fish". Load it with: lvsctl completion fish | source

# Names in the topology file: of a kind, with what comes after them, and whether several can follow each other. The file is the
# first word that is one and no flag's value.
function __lvsctl_names
    set -l before
    for word in (commandline -opc)[2..-1]
        set -l file (string replace -r -- '^~/' "$HOME/" (string unescape -- $word))
        if test -f "$file"; and not contains -- "$before" ${fileFlags(commands).join(" ")}
            set -l known
            test "$argv[3]" = 1; and set known (string match -r -- '^.*,' (commandline -ct))
            for name in (lvsctl completion fish --names $argv[1] "$file" 2>/dev/null)
                echo "$known$name$argv[2]"
            end
            return
        end
        set before $word
    end
end

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

/** The flags whose value is a file, none of which is the topology. */
function fileFlags(commands: readonly CompletedCommand[]): readonly string[] {
  const flags = commands.flatMap((command) => command.flags).filter(({ value }) => value?.isFile === true);
  return [...new Set(flags.flatMap(({ long, short }) => (short === undefined ? [long] : [long, short])))];
}

/** What is offered in a place, if anything: `-F`, files; `-a`, words. */
function offer({ words, isFile, names }: Place): readonly string[] {
  if (names !== undefined) {
    return [`-a ${quote(`(__lvsctl_names ${names.kind} "${names.ending}" ${names.isList ? 1 : 0})`)}`];
  }
  const options = [...(isFile ? ["-F"] : []), ...(words.length > 0 ? [`-a ${quote(words.join(" "))}`] : [])];
  return options.length > 0 ? [options.join(" ")] : [];
}

/** In fish, a quote within quotes is escaped with a backslash. */
function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
