/** The completion script for bash 4.4 and later; it needs nothing else. */
import { quote } from "./quote.ts";
import type { CompletedCommand, Place } from "./words.ts";

/** The script. It puts the candidates at the cursor into COMPREPLY; see "Programmable Completion" in bash(1). */
export function formatBashCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of lvsctl for bash, made by "lvsctl completion bash". Load it with: source <(lvsctl completion bash)

# What a command takes, by the words that lead to it: further words, flags, and those of the flags that have a value.
_lvsctl_about() {
  next='' flags='' valued=''
  case "$1" in
${commands.map((command) => `    ${quote(command.path)}) ${about(command)} ;;`).join("\n")}
  esac
}

# What can stand in a place of a command: after one of its flags, or as its first (0), second … argument.
_lvsctl_place() {
  case "$1" in
${placeLines(commands).join("\n")}
  esac
}

_lvsctl_offer_files() { # and these words
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -W "$1" -- "$word")
}

_lvsctl_offer() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}

_lvsctl_offer_names() { # of a kind, after which comes …, and whether several can follow each other
  local name known='' last=$word
  [[ $3 ]] && last=\${word##*,} known=\${word%"$last"}
  [[ $file == '~/'* ]] && file=$HOME/\${file:2}
  file=\${file//\\\\/} # as it was typed: a blank in it has a backslash
  [[ $2 ]] && compopt -o nospace 2>/dev/null
  while IFS= read -r name; do # No compgen -W, which would expand what is in the file.
    [[ $name == "$last"* ]] && COMPREPLY+=("$known$name$2")
  done < <(lvsctl completion bash --names "$1" "$file" 2>/dev/null)
}

_lvsctl() {
  local word=\${COMP_WORDS[COMP_CWORD]} path='' flag='' file='' place=0 each next flags valued
  COMPREPLY=()
  _lvsctl_about ''
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $flag ]]; then
      [[ $each == = ]] || flag='' # bash takes --flag=value for three words.
    elif [[ $each == -- ]]; then
      _lvsctl_offer_files ''
      return
    elif [[ $each == -* ]]; then
      [[ " $valued " == *" $each "* ]] && flag=$each
    elif [[ " $next " == *" $each "* ]]; then
      path="\${path:+$path }$each"
      _lvsctl_about "$path"
    else
      [[ $place == 0 ]] && file=$each
      place=$((place + 1))
    fi
  done
  if [[ $flag ]]; then
    [[ $word == = ]] && word=''
    _lvsctl_place "$path $flag"
  elif [[ $word == -* ]]; then
    _lvsctl_offer "$flags"
  elif [[ $next && $place == 0 ]]; then
    _lvsctl_offer "$next"
  else
    _lvsctl_place "$path $place"
  fi
}

complete -F _lvsctl lvsctl
`;
}

function about({ next, flags }: CompletedCommand): string {
  const valued = flags.filter(({ value }) => value !== undefined).flatMap(namesOf);
  const words = { next: next.map(({ name }) => name), flags: flags.map(({ long }) => long), valued };
  const set = Object.entries(words).filter(([, list]) => list.length > 0);
  return set.map(([name, list]) => `${name}=${quote(list.join(" "))}`).join(" ");
}

/** One line for each kind of candidate, with all the places where it can appear. */
function placeLines(commands: readonly CompletedCommand[]): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { at, place } of commands.flatMap(placesOf)) {
    const offer = offerOf(place);
    if (offer === undefined) continue;
    lines.set(offer, [...(lines.get(offer) ?? []), at]);
  }
  return [...lines].map(([offer, places]) => `    ${places.join(" | ")}) ${offer} ;;`);
}

function offerOf({ words, isFile, names }: Place): string | undefined {
  if (names !== undefined) {
    return `_lvsctl_offer_names ${names.kind} ${quote(names.ending)} ${names.isList ? "1" : quote("")}`;
  }
  if (words.length === 0 && !isFile) return undefined;
  return `_lvsctl_offer${isFile ? "_files" : ""} ${quote(words.join(" "))}`;
}

function placesOf({ path, flags, places, isOpen }: CompletedCommand): readonly { at: string; place: Place }[] {
  const ofFlags = flags.flatMap((flag) =>
    flag.value === undefined ? [] : namesOf(flag).map((name) => ({ at: quote(`${path} ${name}`), place: flag.value })),
  );
  const ofArguments = places.map((place, index) => {
    const isLast = isOpen && index === places.length - 1;
    return { at: isLast ? `${quote(`${path} `)}[0-9]*` : quote(`${path} ${index}`), place };
  });
  return [...ofFlags, ...ofArguments].flatMap(({ at, place }) => (place === undefined ? [] : [{ at, place }]));
}

function namesOf({ long, short }: CompletedCommand["flags"][number]): readonly string[] {
  return short === undefined ? [long] : [long, short];
}
