/** Translates the YAML parser's errors into our own words. */
import type { YAMLError } from "yaml";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import type { SourceText } from "./source-text.ts";

interface Words {
  readonly message: string;
  readonly hint: string;
}

const indentation: Words = {
  message: "The indentation of this line fits no line above it.",
  hint: "Indent with spaces, and give all keys of one map the same indentation.",
};
const openBracket: Words = {
  message: "A bracket that was opened above is still open here.",
  hint: "Close it with `}` or `]`, or indent what belongs into it.",
};
const unexpected: Words = {
  message: "This does not fit here: YAML expects a key with `:`, a list item with `-`, or a value.",
  hint: "Quote a text that holds `: `, ` #` or begins with one of @ ` % & * ! | > [ ] { } ,",
};
const listItem: Words = {
  message: "This is a list item, and the lines around it are keys.",
  hint: "Delete the `- ` at its beginning.",
};
const properties: Words = {
  message: "An anchor or tag is in a place where it belongs to nothing.",
  hint: "Put `&name` directly before the value that it names.",
};
const notKeyed: Words = {
  message: "This line is neither `key: value` nor part of a list.",
  hint: "Write `key: value` with a space after the `:`; a comment begins with `#`.",
};
const deeper: Words = {
  message: "This value ends with its line, and the next line looks like a part of it.",
  hint: "The next line is indented deeper; give it this line's indentation.",
};
const closedTwice: Words = {
  message: "This bracket closes nothing: none is open here.",
  hint: "Delete the bracket that is too many.",
};
const noComma: Words = {
  message: "Inside of brackets, entries are separated by commas, and one is missing here.",
  hint: "Put a comma between the two.",
};

const words: Partial<Record<YAMLError["code"], Words>> = {
  ALIAS_PROPS: properties,
  BAD_ALIAS: {
    message: "This alias names an anchor that is not defined above it.",
    hint: "Define `&name` before its first use as `*name`; quote a text that begins with `*` or `&`.",
  },
  BAD_COLLECTION_TYPE: properties,
  BAD_DIRECTIVE: {
    message: "A line that begins with `%` is a YAML directive, and this one is unknown.",
    hint: "Delete the line.",
  },
  BAD_DQ_ESCAPE: {
    message: "Double quotes hold an escape sequence that YAML does not know.",
    hint: "Write `\\\\` for a backslash, or use single quotes, in which nothing is special.",
  },
  BAD_INDENT: indentation,
  BAD_PROP_ORDER: properties,
  BAD_SCALAR_START: {
    message: "A plain text cannot begin with this character.",
    hint: "Put the text into quotes.",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: "There are two `:` on this line, so it is unclear what the key is.",
    hint: "Put each key on a line of its own, or the value into quotes.",
  },
  BLOCK_IN_FLOW: {
    message: "Inside of brackets, maps and lists are written with brackets too.",
    hint: "Write `{ key: value }` and `[one, two]`, or use no brackets at all.",
  },
  KEY_OVER_1024_CHARS: {
    message: "The key is longer than 1024 characters.",
    hint: "Shorten it; a `:` may be missing earlier.",
  },
  MISSING_CHAR: {
    message: "Something is missing here: a closing quote or bracket, a comma, or the `:` after a key.",
    hint: "Look for the quote or bracket that was opened last.",
  },
  MULTILINE_IMPLICIT_KEY: notKeyed,
  MULTIPLE_ANCHORS: properties,
  MULTIPLE_TAGS: properties,
  RESOURCE_EXHAUSTION: {
    message: "The file is nested too deep to be read.",
    hint: "No setting is that deep; look for a missing bracket or a wrong indentation.",
  },
  TAB_AS_INDENT: {
    message: "This line is indented with a tab; YAML allows only spaces.",
    hint: "Replace the tab with spaces.",
  },
  TAG_RESOLVE_FAILED: {
    message: "This value has a YAML tag (`!…`) that says nothing here.",
    hint: "Delete the tag; quote a text that begins with `!`.",
  },
  UNEXPECTED_TOKEN: unexpected,
};

/** An error or warning of the parser as a problem: LVS-CONFIG-003. */
export function syntaxProblem(error: YAMLError, source: SourceText): LvsctlError {
  const [start, end] = error.pos;
  const at = source.position(start, end);
  const { message, hint } = wordsFor(error, source.text.slice(start, end), at.text, restOfLine(source, start));
  return new LvsctlError("LVS-CONFIG-003", message, { hint, at, cause: error });
}

function wordsFor({ code, message }: YAMLError, marked: string, line: string | undefined, rest: string): Words {
  if (code === "BAD_INDENT" && message.startsWith("Flow")) return openBracket;
  if (code === "MISSING_CHAR" && message.startsWith("Implicit map keys")) return notKeyed;
  if (code === "BLOCK_AS_IMPLICIT_KEY") {
    if (/^\s*- +[^\s:]+:/.test(line ?? "")) return listItem;
    if (!/:(\s|$)/.test(rest)) return deeper;
  }
  if (code === "BLOCK_IN_FLOW" && /^[^\s:]+ +[^\s:]+:\s/.test(marked)) return noComma;
  if (code === "UNEXPECTED_TOKEN") return unexpectedToken(message, marked, rest);
  return words[code] ?? unexpected;
}

function unexpectedToken(message: string, marked: string, rest: string): Words {
  if (/^[\]}]/.test(marked)) return closedTwice;
  if (message.startsWith("Unexpected block-seq-ind on same line")) {
    const item = rest.replace(/^- */, "").trim();
    const hint = `Put \`- ${item}\` on a line of its own, or write \`[${item}]\`.`;
    return { message: "A list item cannot stand behind its key.", hint };
  }
  return /^Unexpected scalar token(?! in)/.test(message) ? noComma : unexpected;
}

/** From a place to the end of its line, without a comment. */
function restOfLine({ text }: SourceText, start: number): string {
  return (
    /^[^\n]*/
      .exec(text.slice(start))?.[0]
      .replace(/\s#.*$/, "")
      .trimEnd() ?? ""
  );
}
