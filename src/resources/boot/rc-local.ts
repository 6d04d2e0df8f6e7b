/** Inserts and removes our lines in rc.local. The rest of the file is not ours and stays unchanged, byte for byte. */
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import { beginLine, endLine, rcLocalBlock } from "./boot-manager.ts";
import { type Place, placeIn } from "./rc-local-place.ts";

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

/** A line that begins or ends lines of ours for a topology; sed and grep know it in the same form. */
const MARK = /^# lvsctl [^ ]*: (begin|end$)/;

/** Our lines in a text, without the remark in the first one; undefined if there are none. */
export function blockIn(text: string, topology: string): readonly string[] | undefined {
  const { start, end } = boundsIn(text, topology);
  return end < 0 ? undefined : [beginLine(topology), ...text.split("\n").slice(start + 1, end + 1)];
}

/** Why nobody can say that our lines run, or would run if they were added; undefined if they do. */
export function doubtOf(text: string, topology: string): string | undefined {
  const place = placeFor(text, topology);
  return "doubt" in place ? place.doubt : undefined;
}

/**
 * The number of the line that begins ours for this topology, if nobody can say where they end: the end is missing, or there are
 * more beginnings or ends than one before it.
 */
export function unendedIn(text: string, topology: string): number | undefined {
  const { start, end } = boundsIn(text, topology);
  const lines = text.split("\n");
  const begins = lines.filter((line) => line.startsWith(beginLine(topology))).length;
  const within = lines.slice(start, end + 1).filter((line) => MARK.test(line)).length;
  return start < 0 || (end > 0 && begins === 1 && within === 2) ? undefined : start + 1;
}

/** Whether our lines come after what ends the script. */
export function isBehindEnd(text: string, topology: string): boolean {
  const place = placeFor(text, topology);
  return "doubt" in place || boundsIn(text, topology).start > place.before;
}

function boundsIn(text: string, topology: string): Readonly<Record<"start" | "end", number>> {
  const begin = beginLine(topology);
  const lines = text.split("\n");
  const start = lines.findIndex((line) => [begin, begin + NO_FILE, begin + NO_LINE_END].includes(line));
  return { start, end: start < 0 ? -1 : lines.indexOf(endLine(topology), start) };
}

function placeFor(text: string, topology: string): Place {
  let isOther = false;
  const isOurs = withoutBlock(text, topology).map((line) => {
    const is = isOther || /^# lvsctl \S+: begin/.test(line);
    isOther = is && !/^# lvsctl \S+: end$/.test(line);
    return is;
  });
  return placeIn(withoutBlock(text, topology).join("\n"), (line) => isOurs[line] ?? false);
}

function withoutBlock(text: string, topology: string): readonly string[] {
  const lines = text.split("\n");
  const { start, end } = boundsIn(text, topology);
  return end < 0 ? lines : [...lines.slice(0, start), ...lines.slice(end + 1)];
}

/**
 * Shell text that adds our lines where they run, or at least where they were, and creates the file if there is none. `text`: the
 * file's, as it was read; if it is another one where our lines go, nothing is changed. The new text is written next to the file and
 * then moved, so a full disk does no harm.
 */
export function insertScript(path: string, topology: string, text: string): ShellCommand {
  const [begin = "", ...rest] = rcLocalBlock(topology);
  const place = placeFor(text, topology);
  const { start, end } = boundsIn(text, topology);
  const lines = withoutBlock(text, topology);
  const before = "before" in place ? place.before : end < 0 ? lines.length : start;
  const next = lines[before];
  return sh`(
set -e
umask 022
path=$(readlink -f ${path})
${raw(REPLACE)}
block() { printf '%s\\n' ${begin}"$1" ${rest.join("\n")}; }
append() {
if [ -n "$(tail -c 1 "$path")" ]; then { cat "$path"; echo; block ${NO_LINE_END}; } >"$path.lvsctl"
else { cat "$path"; block ''; } >"$path.lvsctl"
fi
}
insert() { # number of lines before ours, the line after them
[ "$(tail -n "+$(($1 + 1))" "$path" | head -n 1)" = "$2" ] || { echo "$path is not as it was when it was read" >&2; exit 1; }
{ head -n "$1" "$path"; block ''; tail -n "+$(($1 + 1))" "$path"; } >"$path.lvsctl"
}
${raw(removeBlock(topology))}
if [ ! -e "$path" ]; then
rm -f "$path.lvsctl"
(set -C && { echo ${FIRST_LINE}; block ${NO_FILE}; } >"$path.lvsctl")
chmod 0755 "$path.lvsctl"
else
cp -p "$path" "$path.lvsctl"
${raw(next === undefined || (next === "" && before === lines.length - 1) ? sh`append` : sh`insert ${before} ${next}`)}
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
ours=$(sed -n ${lines.replace(/d$/, "p")} "$path")
if [ "$(printf '%s\\n' "$ours" | grep -c -e '^# lvsctl [^ ]*: begin' -e '^# lvsctl [^ ]*: end$')" != 2 ] ||
[ "$(printf '%s\\n' "$ours" | tail -n 1)" != ${endLine(topology)} ]; then
echo "$path has lines of lvsctl's for "${topology}", and nobody can say where they end" >&2
exit 1
fi
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
