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
  MULTILINE_IMPLICIT_KEY: {
    message: "This line is neither `key: value` nor part of a list.",
    hint: "Write a `:` and a space after the key.",
  },
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
  const at = source.position(error.pos[0], error.pos[1]);
  const { message, hint } = wordsFor(error, at.text);
  return new LvsctlError("LVS-CONFIG-003", message, { hint, at, cause: error });
}

function wordsFor({ code, message }: YAMLError, line = ""): Words {
  if (code === "BAD_INDENT" && message.startsWith("Flow")) return openBracket;
  if (code === "BLOCK_AS_IMPLICIT_KEY" && /^\s*- +[^\s:]+:/.test(line)) return listItem;
  return words[code] ?? unexpected;
}
