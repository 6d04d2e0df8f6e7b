/** The completion script for zsh: source it after compinit, or save it as `_lvsctl` in a folder of fpath. */
import { quote } from "./quote.ts";
import { type CompletedCommand, type CompletedFlag, fileFlags, type Place } from "./words.ts";

/** The script, with one function per command that tells _arguments what can appear there. Source: zshcompsys(1). */
export function formatZshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef lvsctl
# Completion of lvsctl for zsh, made by "lvsctl completion zsh". Load it with: source <(lvsctl completion zsh)

_lvsctl_words_or_files() {
  compadd -- "$@"
  _files
}

# Names in the topology file: of a kind, with what comes after them, and whether several can follow each other. The file is the
# first word that is one and no flag's value.
_lvsctl_names() {
  local kind=$1 ending=$2 list=$3 each before='' file=''
  local -a names
  shift 3
  for each in "\${(@)words[2,CURRENT-1]}"; do
    each=\${(Q)each}
    [[ $each == '~/'* ]] && each=$HOME/\${each#'~/'}
    if [[ -f $each && " ${fileFlags(commands).join(" ")} " != *" $before "* ]]; then
      file=$each
      break
    fi
    before=$each
  done
  [[ -n $file ]] || return 1
  names=("\${(@f)$(_call_program names lvsctl completion zsh --names $kind \${(q)file} 2>/dev/null)}")
  [[ $list == 1 ]] && compset -P '*,'
  [[ -n $names ]] && compadd "$@" -S "$ending" -a names
}

${commands.map(functionFor).join("\n")}
if [[ $funcstack[1] == _lvsctl ]]; then
  _lvsctl "$@"
else
  compdef _lvsctl lvsctl
fi
`;
}

function functionFor(command: CompletedCommand): string {
  const { path, next, flags } = command;
  const lines = [...flags.map(flagSpec), ...(next.length > 0 ? NEXT : argumentSpecs(command))];
  const call = `  _arguments ${next.length > 0 ? "-C" : "-s -S"} \\\n${lines.map((line) => `    ${line}`).join(" \\\n")}\n`;
  if (next.length === 0) return `${nameOf(path)}() {\n${call}}\n`;
  const described = next.map(({ name, summary }) => `        ${quote(`${name}:${summary}`)}`).join("\n");
  const branches = next.map(({ name }) => `        ${name}) ${nameOf(path === "" ? name : `${path} ${name}`)} ;;`);
  return `${nameOf(path)}() {
  local curcontext=$curcontext state line
  local -a commands
${call}  case $state in
    command)
      commands=(
${described}
      )
      _describe command commands
      ;;
    argument)
      case $line[1] in
${branches.join("\n")}
      esac
      ;;
  esac
}
`;
}

const NEXT = ["'1:command:->command'", "'*::argument:->argument'"];

function nameOf(path: string): string {
  return ["_lvsctl", ...path.split(" ").filter((word) => word !== "")].join("_");
}

/** `'(-F --ssh-config)'{-F,--ssh-config}'[summary]:file:_files'`. */
function flagSpec({ long, short, summary, value }: CompletedFlag): string {
  const text = `[${escaped(summary)}]${value === undefined ? "" : `:${action("value", value)}`}`;
  return short === undefined ? quote(long + text) : `'(${short} ${long})'{${short},${long}}${quote(text)}`;
}

function argumentSpecs({ places, isOpen }: CompletedCommand): readonly string[] {
  return places.map((place, index) => {
    const number = isOpen && index === places.length - 1 ? "*" : `${index + 1}`;
    return quote(`${number}:${action("argument", place)}`);
  });
}

function action(name: string, { words, isFile, names }: Place): string {
  if (names !== undefined) {
    const ending = names.ending || (names.isList ? "" : " ");
    return `${name}:{_lvsctl_names ${names.kind} "${ending}" ${names.isList ? 1 : 0}}`;
  }
  if (words.length === 0) return isFile ? "file:_files" : `${name}: `;
  const list = words.join(" ");
  return isFile ? `${name}: _lvsctl_words_or_files ${list}` : `${name}:(${list})`;
}

/** Brackets end a description, and colons end a part of it. */
function escaped(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, "\\$&");
}
