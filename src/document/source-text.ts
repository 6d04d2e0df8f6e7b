/** The text of a document: which characters it may contain, and the line and column of an offset. */
import { LineCounter } from "yaml";
import { LvsctlError, type Position } from "../errors/lvsctl-error.ts";

const MAX_SIZE_BYTES = 1024 * 1024;
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffd-\uffff]|\r(?!\n)/;

/** A text whose offsets can be turned into positions. */
export interface SourceText {
  readonly file: string;
  /** The text without its byte order mark. */
  readonly text: string;
  /** The position of the characters from `start` up to `end`, cut to the first of several lines. */
  position(start: number, end?: number): Position;
}

/** The source text of a file, whose content has been decoded as UTF-8. */
export function sourceText(content: string, file: string): SourceText {
  const text = content.startsWith("\ufeff") ? content.slice(1) : content;
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines.addNewLine(at + 1);

  const position = (start: number, end = start + 1): Position => {
    const offset = Math.max(0, Math.min(start, text.length));
    const { line, col: column } = lines.linePos(offset);
    const nextLine = lines.lineStarts[line];
    const lineEnd = nextLine === undefined ? text.length : nextLine - 1;
    const lineText = text.slice(offset - column + 1, lineEnd).replace(/\r$/, "");
    const length = Math.max(1, Math.min(end - offset, lineText.length - column + 1));
    return { file, line, column, length, text: lineText };
  };
  return { file, text, position };
}

/** Why a text cannot be read at all: too large (LVS-CONFIG-001), or characters that no text file contains (002). */
export function checkText(source: SourceText): LvsctlError | undefined {
  if (Buffer.byteLength(source.text) > MAX_SIZE_BYTES) {
    // How much more is not said: callers read no more than they have to.
    return new LvsctlError("LVS-CONFIG-001", "The file is larger than 1 MiB, and such files are not read.", {
      hint: "Give the file itself, not a dump or a log; split a very large installation into several topologies.",
      at: { file: source.file, line: 1, column: 1 },
    });
  }
  const offset = source.text.search(FORBIDDEN);
  if (offset < 0) return undefined;
  const code = source.text.charCodeAt(offset);
  const { text: _, ...at } = source.position(offset);
  if (isBinary(source.text)) {
    return new LvsctlError("LVS-CONFIG-002", "The file is no text: control characters are everywhere in it.", {
      hint: "Give a topology file. It is text in YAML; lvsctl init dr writes one to start from.",
      at,
    });
  }
  return new LvsctlError("LVS-CONFIG-002", describeCharacter(code), { hint: adviseOnCharacter(code), at });
}

/** Programs, pictures and archives. UTF-16 has a NUL in every second place, and is told apart by `describeCharacter`. */
function isBinary(text: string): boolean {
  const found = text.slice(0, 4096).match(new RegExp(FORBIDDEN, "g")) ?? [];
  return found.length >= 20 && new Set(found).size > 5;
}

function describeCharacter(code: number): string {
  if (code === 0) return "The file holds a NUL character, so it is not UTF-8 text: UTF-16, or no text at all.";
  if (code === 0xfffd) return "The file holds bytes that are not UTF-8.";
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return `The file holds the control character ${name}, which is invisible and which no setting needs.`;
}

function adviseOnCharacter(code: number): string {
  if (code === 0 || code === 0xfffd) return "Save the file as UTF-8.";
  if (code === 0x0d) return "Save the file with LF or CR LF line ends.";
  return "Delete the character.";
}
