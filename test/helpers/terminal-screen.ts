/** What a terminal shows of what was written to it: text that was erased or overwritten is gone, colours are kept. Pure. */

/** An escape sequence of a terminal (ECMA-48, 5.4): `\u001b[`, parameters, and a letter that says what to do. */
const SEQUENCE = /^\u001b\[([0-9;?]*)([A-Za-z])/;

/** Text of one style. */
export interface Span {
  readonly text: string;
  /** The numbers of SGR that are on, such as `1;32`; empty for none. */
  readonly style: string;
}

/**
 * The lines that are left on a terminal in the end. Those that are wider than it are broken. It knows the sequences that lvsctl
 * and listr2 write.
 */
export function screenOf(written: string, columns: number): readonly (readonly Span[])[] {
  const rows: Span[][] = [[]];
  let row = 0;
  let column = 0;
  let style = "";
  for (let rest = written; rest !== ""; ) {
    const [sequence, numbers = "", letter = ""] = SEQUENCE.exec(rest) ?? [];
    if (sequence !== undefined) {
      rest = rest.slice(sequence.length);
      const count = Number(numbers.split(";")[0]) || 1;
      if (letter === "m") style = styleAfter(style, numbers);
      if (letter === "A") row = Math.max(0, row - count);
      if (letter === "B") row += count;
      if (letter === "C") column += count;
      if (letter === "D") column = Math.max(0, column - count);
      if (letter === "G") column = count - 1;
      if (letter === "K") rowAt(rows, row).splice(numbers === "2" ? 0 : column);
      if (letter === "J") {
        rowAt(rows, row).splice(column);
        rows.splice(row + 1);
      }
      continue;
    }
    const [character = ""] = rest;
    rest = rest.slice(character.length);
    if (character === "\r") column = 0;
    else if (character === "\n") row += 1;
    else {
      if (column === columns) {
        row += 1;
        column = 0;
      }
      const cells = rowAt(rows, row);
      while (cells.length < column) cells.push({ text: " ", style: "" });
      cells[column] = { text: character, style };
      column += 1;
    }
    rowAt(rows, row);
  }
  return rows.map(spansOf);
}

/** The same as plain text, without blanks at the ends of lines and without empty lines at the end. */
export function textOnScreen(written: string, columns: number): string {
  const lines = screenOf(written, columns).map((spans) => spans.map(({ text }) => text).join(""));
  return lines
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();
}

function rowAt(rows: Span[][], row: number): Span[] {
  while (rows.length <= row) rows.push([]);
  return rows[row] ?? [];
}

/** Cells of one style belong together; what is empty at the end of a line is left out. */
function spansOf(cells: readonly Span[]): readonly Span[] {
  const spans: Span[] = [];
  for (const { text, style } of cells) {
    const last = spans.at(-1);
    if (last?.style === style) spans[spans.length - 1] = { text: last.text + text, style };
    else spans.push({ text, style });
  }
  if (spans.at(-1)?.text.trim() === "") spans.pop();
  return spans;
}

/** Which numbers of SGR (ECMA-48, 8.3.117) are on after a sequence: 22 ends bold and dim, 39 a colour, 0 everything. */
function styleAfter(style: string, numbers: string): string {
  let on = style.split(";").filter(Boolean);
  for (const number of numbers.split(";")) {
    if (number === "" || number === "0") on = [];
    else if (number === "22") on = on.filter((one) => one !== "1" && one !== "2");
    else if (number === "39") on = on.filter((one) => !isColour(one));
    else on = [...on.filter((one) => !(isColour(one) && isColour(number)) && one !== number), number];
  }
  return on.join(";");
}

function isColour(number: string): boolean {
  return /^(3|9)[0-7]$/.test(number);
}
