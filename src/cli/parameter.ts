/** Parameters of commands, as data: arguments such as `<file>`, and flags such as `-l, --limit <host,…>`. */
import { InvalidArgumentError } from "commander";
import type { NamedKind } from "../app/names-in-file.ts";

/** One parameter; `Value` is what a command gets for it. */
export interface Parameter<Value> {
  /** As help shows it. A leading `-` makes it a flag; `<…>` is required, `[…]` is optional, `…...` can be repeated. */
  readonly spelling: string;
  readonly summary: string;
  /** The possible values, if there are only a few. */
  readonly choices?: readonly string[];
  /** Values that completion offers beside files. Asked only when the completion script is written. */
  readonly suggest?: () => Promise<readonly string[]>;
  /** What completion offers from the topology file that is the command's first argument. */
  readonly namesOf?: NamedKind;
  /** The value without the flag, for the help. */
  readonly fallback?: string | number;
  /**
   * Reads the texts from the command line, in order: none if the parameter is absent, an empty text for each flag without a
   * value. Throws an InvalidArgumentError.
   */
  read(given: readonly string[]): Value;
}

/** Parameters by the names under which a command receives their values. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The values of parameters, by the same names. */
export type Values<P extends Parameters> = { readonly [Name in keyof P]: ReturnType<P[Name]["read"]> };

/** A required argument. */
export function argument(spelling: `<${string}>`, summary: string): Parameter<string> {
  return { spelling, summary, read: ([text = ""]) => text };
}

/** A required argument that is one of a few words. */
export function argumentChoice<const C extends string>(
  spelling: `<${string}>`,
  summary: string,
  choices: readonly [C, ...C[]],
): Parameter<C> {
  return { spelling, summary, choices, read: ([text = choices[0]]) => oneOf(choices, text) };
}

/** An optional argument. */
export function optionalArgument(spelling: `[${string}]`, summary: string): Parameter<string | undefined> {
  return { spelling, summary, read: ([text]) => text };
}

/** The last argument, which can be repeated. */
export function argumentList(spelling: `${string}...${">" | "]"}`, summary: string): Parameter<readonly string[]> {
  return { spelling, summary, read: (given) => given };
}

/** A flag without a value: true if it is given, also for `--no-…`. */
export function on(spelling: string, summary: string): Parameter<boolean> {
  return { spelling, summary, read: ({ length }) => length > 0 };
}

/** A flag with a value, undefined if absent; if it is repeated the last one counts. */
export function value<V>(spelling: string, summary: string, parse: (text: string) => V): Parameter<V | undefined> {
  return { spelling, summary, read: (given) => given.map(parse).at(-1) };
}

/** A flag with a value, and its default. */
export function valueOr<V extends string | number>(
  spelling: string,
  summary: string,
  parse: (text: string) => V,
  fallback: V,
): Parameter<V> {
  return { spelling, summary, fallback, read: (given) => given.map(parse).at(-1) ?? fallback };
}

/** A flag whose value is one of a few, undefined if absent. */
export function choice<const C extends string>(
  spelling: string,
  summary: string,
  choices: readonly C[],
): Parameter<C | undefined> {
  return { spelling, summary, choices, read: (given) => given.map((text) => oneOf(choices, text)).at(-1) };
}

/** Whether it is a flag rather than an argument. */
export function isFlag({ spelling }: Pick<Parameter<unknown>, "spelling">): boolean {
  return spelling.startsWith("-");
}

/** One of these texts. Throws an InvalidArgumentError for any other. */
export function oneOf<C extends string>(choices: readonly C[], text: string): C {
  const found = choices.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
  return found;
}

/** Any text. */
export function anyText(text: string): string {
  return text;
}

/** Splits `a,b,c`. Throws an InvalidArgumentError for an empty list: a variable that a script has not set is not "none". */
export function listOf(text: string): readonly string[] {
  const parts = text.split(",").filter((part) => part !== "");
  if (parts.length === 0)
    throw new InvalidArgumentError("It takes at least one name; several are separated by commas.");
  return parts;
}

/** A whole number from `least` to `most`, or 0 if that is allowed. */
export function wholeNumber({ least = 1, most = 999_999, orZero = false } = {}): (text: string) => number {
  return (text) => {
    if (orZero && text === "0") return 0;
    const number = /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) {
      throw new InvalidArgumentError(`It takes a whole number from ${orZero ? 0 : least} to ${most}.`);
    }
    return number;
  };
}
