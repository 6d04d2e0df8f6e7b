/**
 * Reads a YAML document into plain values that remember where they stand in the text.
 * YAML 1.2 with its core schema, so that `no`, `off` and `22:22` stay texts. Aliases and `<<` are followed within bounds.
 */
import { Composer, type CST, type Document, Lexer, Parser } from "yaml";
import { LvsctlError, type Position } from "../errors/lvsctl-error.ts";
import { type Located, locateNodes, type TwiceHint } from "./locate-nodes.ts";
import { checkText, type SourceText, sourceText } from "./source-text.ts";
import { syntaxProblem } from "./syntax-problem.ts";

/** The path to a part of a document, from its root: keys of maps, and indexes of lists, counted from 0. */
export type Path = readonly (string | number)[];

/** A document's value, and the place of each of its parts. */
export interface LocatedDocument {
  readonly file: string;
  /** Plain objects, arrays, strings, numbers, booleans and nulls; undefined where the text could not be understood. */
  readonly value: unknown;
  /** The place of the value or key at a path; when there is none, of the last part of the path that exists. */
  readonly locate: (path: Path, what?: "key" | "value") => Position;
  readonly problems: readonly LvsctlError[];
}

const MAX_DEPTH = 64;

/**
 * Parses a YAML text. Never throws; the problems have the codes LVS-CONFIG-001 to LVS-CONFIG-009. `twiceHint`: what the
 * document's language has in place of a key that stands twice.
 */
export function parseDocument(content: string, file: string, twiceHint?: TwiceHint): LocatedDocument {
  const source = sourceText(content, file);
  const unreadable = checkText(source);
  if (unreadable !== undefined) return withoutValue(source, [unreadable]);

  const composed = compose(source);
  if (composed instanceof LvsctlError) return withoutValue(source, [composed]);
  if (composed.contents === null || composed.contents === undefined)
    return withoutValue(source, [emptyProblem(source)]);

  const { root, problems } = locateNodes(composed.contents, source, twiceHint);
  return {
    file,
    value: root.value,
    locate: (path, what = "value") => locate(source, root, path, what),
    problems,
  };
}

function compose(source: SourceText): Document.Parsed | LvsctlError {
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(source.text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (depthOf(parser) > MAX_DEPTH) return tooDeep(source, parser.stack.at(-1)?.offset ?? parser.offset);
  }
  tokens.push(...parser.end());
  const composer = new Composer({ version: "1.2", schema: "core", uniqueKeys: false, stringKeys: false });
  const [first, second] = composer.compose(tokens, true, source.text.length);
  const mistake = first?.errors[0] ?? first?.warnings[0] ?? second?.errors[0];
  if (mistake !== undefined) return syntaxProblem(mistake, source);
  if (second !== undefined) {
    return new LvsctlError("LVS-CONFIG-005", "The file holds several YAML documents; only one can be meant.", {
      hint: "Keep one document here, and move the others into files of their own.",
      at: source.position(second.range[0]),
    });
  }
  return first ?? emptyProblem(source);
}

/** The depth of the value being read: the stack holds the document and the values around it. Keys are one deeper. */
function depthOf({ stack }: Parser): number {
  const innermost = stack.at(-1);
  const hasKey = innermost?.type === "block-map" && innermost.items[0]?.key != null;
  return stack.length - 1 + (hasKey ? 1 : 0);
}

function tooDeep(source: SourceText, offset: number): LvsctlError {
  return new LvsctlError("LVS-CONFIG-008", `Values are nested more than ${MAX_DEPTH} deep here.`, {
    hint: "No setting is that deep; look for a missing bracket or a wrong indentation.",
    at: source.position(offset),
  });
}

function locate(source: SourceText, root: Located, path: Path, what: "key" | "value"): Position {
  let node = root;
  let range = root.range;
  for (const step of path) {
    const child = node.children?.get(step);
    if (child === undefined) return source.position(...(node.keyRange ?? node.range));
    node = child;
    range = what === "key" ? (child.keyRange ?? child.range) : child.range;
  }
  return source.position(...range);
}

function withoutValue(source: SourceText, problems: readonly LvsctlError[]): LocatedDocument {
  return { file: source.file, value: undefined, locate: () => source.position(0), problems };
}

function emptyProblem(source: SourceText): LvsctlError {
  return new LvsctlError("LVS-CONFIG-007", "The file is empty, or holds only comments.", {
    hint: "lvsctl init dr writes a file to start from; the examples that come with lvsctl are others.",
    at: source.position(0),
  });
}
