/** Inserts and removes our lines in rc.local. The rest of the file is not ours and stays unchanged, byte for byte. */
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import { beginLine, endLine, rcLocalBlock } from "./boot-manager.ts";

/** Nobody's lines are lost in a power cut: the new text is saved before it takes the old one's place. */
const REPLACE = sh`replace() {
sync "$path.lvsctl"
mv -f "$path.lvsctl" "$path"
sync "\${path%/*}"
}`;

const FIRST_LINE = "#!/bin/sh";
/** Remarks in our first line, so that removing our lines restores the file exactly. */
const NO_FILE = " (there was no such file)";
const NO_LINE_END = " (the line above had no end)";

/** Our lines in a text, without the remark in the first one; undefined if there are none. */
export function blockIn(text: string, topology: string): readonly string[] | undefined {
  const begin = beginLine(topology);
  const lines = text.split("\n");
  const start = lines.findIndex((line) => [begin, begin + NO_FILE, begin + NO_LINE_END].includes(line));
  const end = lines.indexOf(endLine(topology), start);
  return start < 0 || end < 0 ? undefined : [begin, ...lines.slice(start + 1, end + 1)];
}

/**
 * Shell text that adds our lines at the end, or before an `exit` that ends the file, and creates the file if there is none.
 * The new text is written next to the file and then moved, so a full disk does no harm.
 */
export function insertScript(path: string, topology: string): ShellCommand {
  const [begin = "", ...rest] = rcLocalBlock(topology);
  return sh`(
set -e
umask 022
path=$(readlink -f ${path})
${raw(REPLACE)}
block() { printf '%s\\n' ${begin}"$1" ${rest.join("\n")}; }
${raw(removeBlock(topology))}
if [ ! -e "$path" ]; then
rm -f "$path.lvsctl"
(set -C && { echo ${FIRST_LINE}; block ${NO_FILE}; } >"$path.lvsctl")
chmod 0755 "$path.lvsctl"
else
cp -p "$path" "$path.lvsctl"
last=$(grep -n '[^[:space:]]' "$path" | tail -n 1)
case \${last#*:} in
exit|exit\\ 0) { head -n $((\${last%%:*} - 1)) "$path"; block ''; tail -n +\${last%%:*} "$path"; } >"$path.lvsctl" ;;
*)
if [ -n "$(tail -c 1 "$path")" ]; then { cat "$path"; echo; block ${NO_LINE_END}; } >"$path.lvsctl"
else { cat "$path"; block ''; } >"$path.lvsctl"
fi ;;
esac
fi
replace
)`;
}

/** Shell text that removes our lines, and the file if it was created for them and holds nothing else. */
export function removeScript(path: string, topology: string): ShellCommand {
  return sh`(
set -e
path=$(readlink -f ${path})
${raw(REPLACE)}
${raw(removeBlock(topology))}
)`;
}

function removeBlock(topology: string): ShellCommand {
  const begin = beginLine(topology);
  const lines = `/^${begin}/,/^${endLine(topology)}$/d`;
  return sh`mark=$(grep -e ${`^${begin}`} "$path" 2>/dev/null) || mark=
if [ -n "$mark" ]; then
cp -p "$path" "$path.lvsctl"
rest=$(sed ${lines} "$path")
if [ "$mark" = ${begin + NO_LINE_END} ]; then printf %s "$rest" >"$path.lvsctl"
else sed ${lines} "$path" >"$path.lvsctl"
fi
if [ "$mark" = ${begin + NO_FILE} ] && [ "$rest" = ${FIRST_LINE} ]; then rm -f "$path" "$path.lvsctl"
else replace
fi
fi`;
}
