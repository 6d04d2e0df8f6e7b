/** Rewords what is wrong with an expression: the errors of the CEL library and our own limits. */
import { EvaluationError, ParseError, TypeError as TypeMismatch } from "@marcbachmann/cel-js";
import { TooManySteps } from "./allowance.ts";
import type { Fault } from "./inspect-expression.ts";

/** The most characters that one expression may have. */
const maximumLength = 2000;

/** What is wrong with an expression's length, if anything. */
export function lengthFault(text: string): Fault | undefined {
  if (text.trim() === "") {
    return {
      message: "The expression is empty.",
      hint: "Write an expression such as service.testPage, or leave the property out.",
      start: 0,
      length: 1,
    };
  }
  if (text.length <= maximumLength) return undefined;
  return {
    message: `The expression has ${text.length} characters; ${maximumLength} are allowed.`,
    hint: "Split the step into several with shorter conditions.",
    start: 0,
    length: 1,
  };
}

/** Why an expression does not parse or type-check. */
export function compilationFault(error: unknown, text: string): Fault {
  const { code, summary, start, length } = detailsOf(error, text);
  return { ...words(code, summary), start, length };
}

/** Why a correct expression has no value for this topology. */
export function evaluationFault(error: unknown, text: string): Fault {
  if (error instanceof TooManySteps) {
    return {
      message: "The expression takes too many steps for a topology of this size.",
      hint: "Let the step repeat over one of the lists instead, and join no lists with themselves.",
      start: 0,
      length: text.length,
    };
  }
  const { code, summary, start, length } = detailsOf(error, text);
  if (code === "index_out_of_bounds") {
    const detail = summary.replace(/^.*out of bounds, /, "");
    return {
      message: `The list has no such element: ${detail}.`,
      hint: "Repeat over the list instead.",
      start,
      length,
    };
  }
  if (code !== "no_such_key") {
    return { message: `The expression has no value: ${summary}.`, hint: "Guard the step with `when`.", start, length };
  }
  const path = pathBefore(text, start + length);
  return {
    message: `The expression has no value: \`${path}\` is absent in this topology.`,
    hint: `Guard the step, \`when: has(${path})\`, or write the field with a question mark, which leaves it out.`,
    start,
    length,
  };
}

const reference = "Expressions are CEL (https://cel.dev); docs/playbooks.md shows what playbooks use of it.";

function words(code: string | undefined, summary: string): Pick<Fault, "message" | "hint"> {
  const detail = summary.replace(/^[^:]*: /, "").replace(/^found no matching overload for '(.*)'$/, "$1");
  const taken = /'(\w+)' is already registered/.exec(summary)?.[1];
  if (taken !== undefined) {
    return {
      message: `The name ${taken} means something else in expressions.`,
      hint: "Give what `repeat` goes through another name.",
    };
  }
  switch (code) {
    case undefined:
    case "limit_exceeded":
      return { message: "The expression is too long, or nested too deep.", hint: "Write it in smaller parts." };
    case "unexpected_token":
      return {
        message: detail === "EOF" ? "The expression ends too early." : `\`${detail}\` does not fit here.`,
        hint: reference,
      };
    case "no_such_overload":
      return {
        message: `\`${detail}\` is not possible: the types do not fit.`,
        hint: "Both sides of an operator need one type; string(…) makes text of a number, and int(…) a number of text.",
      };
    case "no_matching_overload":
      return {
        message: `\`${detail}\` is not possible: the function does not take these types.`,
        hint: "string(…) makes text of a number, and int(…) a number of text.",
      };
    case "incompatible_ternary_branches":
    case "heterogeneous_list_element":
      return { message: `${summary}.`, hint: "Give them one type, for example with string(…)." };
    default:
      return { message: `The expression is wrong: ${summary}.`, hint: reference };
  }
}

/** The dotted path that ends at a field: in `a + service.vip.address`, with `end` after `vip`, it is `service.vip`. */
function pathBefore(text: string, end: number): string {
  return /[A-Za-z_][\w.]*$/.exec(text.slice(0, end))?.[0] ?? text;
}

interface Details {
  /** Undefined for errors that are not the library's own, such as an exhausted stack. */
  readonly code: string | undefined;
  readonly summary: string;
  readonly start: number;
  readonly length: number;
}

function detailsOf(error: unknown, text: string): Details {
  if (!(error instanceof ParseError || error instanceof TypeMismatch || error instanceof EvaluationError)) {
    const summary = error instanceof Error ? error.message : "it cannot be evaluated";
    return { code: undefined, summary, start: 0, length: text.length };
  }
  const start = Math.min(error.range?.start ?? 0, text.length - 1);
  const end = Math.max(start + 1, Math.min(error.range?.end ?? text.length, text.length));
  return { code: error.code, summary: error.summary.replace(/\.$/, ""), start, length: end - start };
}
