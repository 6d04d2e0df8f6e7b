/**
 * Values that contain expressions: `${{ expr }}` alone keeps the expression's type; inside a longer text the result becomes
 * part of the text. Everything else is taken literally.
 */
import type { LocatedDocument, Path } from "../document/parse-document.ts";
import { LvsctlError, type Position } from "../errors/lvsctl-error.ts";
import type { Allowance } from "./allowance.ts";
import { Hole } from "./check-written.ts";
import { compileExpression, type Expression, type Place, type Variables } from "./expression.ts";
import type { FieldRead } from "./field-reads.ts";
import type { ScopeTypes } from "./inspect-expression.ts";

/** A field of the topology that a playbook reads. */
export interface LocatedRead extends FieldRead {
  /** The path of the value that contains the expression. */
  readonly path: Path;
  /** Where exactly it is read. */
  position(): Position;
}

/** What is found while a playbook loads. */
export interface Findings {
  readonly document: LocatedDocument;
  readonly problems: LvsctlError[];
  readonly reads: LocatedRead[];
  /** The steps that all of its expressions may take together. */
  readonly allowance: Allowance;
}

/** Where expressions are compiled: what they may use, and where their mistakes and their reads are collected. */
export interface TemplateContext extends Findings {
  readonly scope: ScopeTypes;
  readonly step?: string;
}

/** A value that may contain expressions. */
export interface Template {
  /** The value as written, with holes in place of expressions. */
  readonly shape: unknown;
  /** The value as plain JSON; undefined if it is an optional that is absent. Throws LVS-PLAYBOOK-005. */
  evaluate(variables: Variables): unknown;
}

/** How deeply the values of one `with` may be nested. */
const maximumDepth = 8;

/** How many expressions one text may have. */
const maximumExpressions = 100;

const textTypes: ReadonlySet<string> = new Set(["string", "int", "bool", "double", "dyn"]);

/** Compiles a written value with everything inside it; mistakes go to the context, and leave a hole of any type. */
export function compileTemplate(value: unknown, path: Path, context: TemplateContext, depth = 0): Template {
  if (depth > maximumDepth) {
    report(
      context,
      context.document.locate(path),
      `Values are nested more than ${maximumDepth} deep.`,
      "Flatten them.",
    );
    return unknown;
  }
  if (typeof value === "string") return compileText(value, path, context);
  if (Array.isArray(value)) {
    return listOf(value.map((item, index) => compileTemplate(item, [...path, index], context, depth + 1)));
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value);
    return mapOf(members.map(([name, member]) => [name, compileTemplate(member, [...path, name], context, depth + 1)]));
  }
  return literal(value);
}

/**
 * Compiles a bare expression such as that of `when`, which has to be of type `wanted`. Undefined if it has mistakes; these
 * go to the context.
 */
export function compileBare(
  text: string,
  path: Path,
  context: TemplateContext,
  wanted: "bool" | "list",
): Expression | undefined {
  if (text.startsWith("${{")) {
    report(context, context.document.locate(path), "Here an expression stands as it is.", "Leave out ${{ and }}.");
    return undefined;
  }
  const expression = compiled(text, place(text, 0, path, context), path, context);
  const fits = expression?.type === wanted || expression?.type.startsWith(`${wanted}<`);
  if (expression === undefined || fits) return expression;
  report(
    context,
    context.document.locate(path),
    `\`${text}\` gives ${expression.type}, and ${wanted === "bool" ? "true or false is" : "a list is"} needed here.`,
    wanted === "bool"
      ? "Compare it with something, or ask whether it is there: has(…)."
      : "Name a list, such as service.realServers.",
  );
  return undefined;
}

/** The position of part of a text in the document, if the text is written literally on one line. */
function place(text: string, offset: number, path: Path, context: TemplateContext): Place {
  const { document, step, allowance } = context;
  const at = (start: number, length: number): Position => {
    const whole = document.locate(path);
    const found = whole.text?.indexOf(text, whole.column - 1) ?? -1;
    if (found < 0 || text === "") return whole;
    return { ...whole, column: found + 1 + offset + start, length: Math.max(1, length) };
  };
  return step === undefined ? { at, allowance } : { at, allowance, step };
}

function compileText(text: string, path: Path, context: TemplateContext): Template {
  const parts = expressionsIn(text);
  const [first] = parts;
  const last = parts.at(-1);
  const open = text.indexOf("${{", last?.end);
  if (open >= 0 && parts.length <= maximumExpressions) {
    report(
      context,
      place(text, open, path, context).at(0, 3),
      "This `${{` has no `}}`.",
      "Close the expression: ${{ … }}.",
    );
    return unknown;
  }
  if (first === undefined) return literal(text);
  if (parts.length > maximumExpressions) {
    const hint = "Make one expression of several, or several texts.";
    const message = `A text has at most ${maximumExpressions} expressions, and here are more.`;
    report(context, context.document.locate(path), message, hint);
    return unknown;
  }
  const expressions = parts.map(({ inner, start }) => {
    const trimmed = inner.trim();
    const offset = start + 3 + (inner.length - inner.trimStart().length);
    return compiled(trimmed, place(text, offset, path, context), path, context);
  });
  const [only] = expressions;
  if (text.slice(first.start, first.end) === text.trim()) return only === undefined ? unknown : single(only);
  if (!expressions.every((expression) => isText(expression, path, context))) return unknown;
  return mixed(
    text,
    parts,
    expressions.filter((expression) => expression !== undefined),
  );
}

/** An expression in a text: what stands between `${{` and `}}`, and the place of all of it. */
interface Part {
  readonly inner: string;
  readonly start: number;
  readonly end: number;
}

/** The expressions in a text that have an end, and no more of them than one too many. */
function expressionsIn(text: string): readonly Part[] {
  const parts: Part[] = [];
  let start = text.indexOf("${{");
  while (start >= 0 && parts.length <= maximumExpressions) {
    const close = text.indexOf("}}", start + 3);
    if (close < 0) break;
    const end = close + 2;
    parts.push({ inner: text.slice(start + 3, close), start, end });
    start = text.indexOf("${{", end);
  }
  return parts;
}

function compiled(text: string, where: Place, path: Path, context: TemplateContext): Expression | undefined {
  const result = compileExpression(text, context.scope, where);
  if (!("evaluate" in result)) {
    context.problems.push(...result);
    return undefined;
  }
  const { reads } = result;
  context.reads.push(...reads.map((read) => ({ ...read, path, position: () => where.at(read.start, read.length) })));
  return result;
}

function isText(expression: Expression | undefined, path: Path, context: TemplateContext): expression is Expression {
  if (expression === undefined) return false;
  if (textTypes.has(expression.type)) return true;
  report(
    context,
    context.document.locate(path),
    `\`${expression.text}\` gives ${expression.type}, which cannot be part of a text.`,
    "Only text, numbers and true or false can; join(…) makes text of a list of texts, and orValue(…) fills in what is absent.",
  );
  return false;
}

const unknown: Template = { shape: new Hole("dyn"), evaluate: () => undefined };

function literal(value: unknown): Template {
  return { shape: value, evaluate: () => value };
}

function single(expression: Expression): Template {
  return { shape: new Hole(expression.type), evaluate: expression.result };
}

function mixed(text: string, parts: readonly Part[], expressions: readonly Expression[]): Template {
  const fixed = parts.map(({ start }, index) => text.slice(parts[index - 1]?.end ?? 0, start));
  const tail = text.slice(parts.at(-1)?.end);
  return {
    shape: new Hole("string"),
    evaluate: (variables) =>
      expressions.map((expression, index) => `${fixed[index]}${String(expression.result(variables))}`).join("") + tail,
  };
}

function listOf(items: readonly Template[]): Template {
  return {
    shape: items.map((item) => item.shape),
    evaluate: (variables) => items.map((item) => item.evaluate(variables)).filter((item) => item !== undefined),
  };
}

function mapOf(members: readonly (readonly [string, Template])[]): Template {
  return {
    shape: Object.fromEntries(members.map(([name, member]) => [name, member.shape])),
    evaluate: (variables) =>
      Object.fromEntries(
        members
          .map(([name, member]) => [name, member.evaluate(variables)] as const)
          .filter(([, member]) => member !== undefined),
      ),
  };
}

function report({ problems, step }: TemplateContext, at: Position, message: string, hint: string): void {
  problems.push(new LvsctlError("LVS-PLAYBOOK-004", message, { hint, at, ...(step === undefined ? {} : { step }) }));
}
