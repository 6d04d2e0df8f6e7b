/** The completion script for fish. */
import { type CompletedCommand, type CompletedFlag, fileFlags, type Place, valueFlags } from "./words.ts";

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

# Whether as many words that are neither flags nor their values stand before the cursor; "more": or more of them.
function __lvsctl_after
    set -l count 0
    set -l is_value 0
    for word in (commandline -opc)[2..-1]
        if test $is_value = 1
            set is_value 0
        else if contains -- $word ${valueFlags(commands).join(" ")}
            set is_value 1
        else if not string match -q -- '-*' $word
            set count (math $count + 1)
        end
    end
    test $count -eq $argv[1]; or test "$argv[2]" = more -a $count -gt $argv[1]
end

complete -c lvsctl -f
${commands.flatMap((command) => linesFor(command, commands)).join("\n")}
`;
}

function linesFor(command: CompletedCommand, all: readonly CompletedCommand[]): readonly string[] {
  const { path, next, flags, places, isOpen } = command;
  const condition = conditionFor(path, all);
  const start = `complete -c lvsctl -n ${quote(condition)}`;
  const words = path.split(" ").length;
  return [
    ...next.map(({ name, summary }) => `${start} -a ${name} -d ${quote(summary)}`),
    ...flags.map((flag) => `${start} ${flagFor(flag)}`),
    ...places.flatMap((place, index) => {
      const more = isOpen && index === places.length - 1 ? " more" : "";
      const here = quote(`${condition}; and __lvsctl_after ${words + index}${more}`);
      return offer(place).map((offered) => `complete -c lvsctl -n ${here} ${offered}`);
    }),
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
