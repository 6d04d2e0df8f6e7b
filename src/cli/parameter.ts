/** Parameters of commands, as data: arguments such as `<file>`, and flags such as `-l, --limit <host,…>`. */
import { InvalidArgumentError } from "commander";

/** One parameter; `Value` is what a command gets for it. */
export interface Parameter<Value> {
  /** As help shows it. What begins with `-` is a flag; `<…>` is needed, `[…]` is not, `…...` may be several. */
  readonly spelling: string;
  readonly summary: string;
  /** The values that there are, where they are few. */
  readonly choices?: readonly string[];
  /** The value without the flag, for help. */
  readonly fallback?: string | number;
  /**
   * Reads what the command line gives, in its order: nothing where the parameter is absent, an empty text for each flag
   * without a value. Throws an InvalidArgumentError.
   */
  read(given: readonly string[]): Value;
}

/** Parameters by the names under which a command gets their values. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The values of parameters, by the same names. */
export type Values<P extends Parameters> = { readonly [Name in keyof P]: ReturnType<P[Name]["read"]> };

/** An argument that is always there. */
export function argument(spelling: `<${string}>`, summary: string): Parameter<string> {
  return { spelling, summary, read: ([text = ""]) => text };
}

/** An argument that is always there and one of a few words. */
export function argumentChoice<const C extends string>(
  spelling: `<${string}>`,
  summary: string,
  choices: readonly [C, ...C[]],
): Parameter<C> {
  return { spelling, summary, choices, read: ([text = choices[0]]) => oneOf(choices, text) };
}

/** An argument that may be left out. */
export function optionalArgument(spelling: `[${string}]`, summary: string): Parameter<string | undefined> {
  return { spelling, summary, read: ([text]) => text };
}

/** The last argument, which may be several. */
export function argumentList(spelling: `${string}...${">" | "]"}`, summary: string): Parameter<readonly string[]> {
  return { spelling, summary, read: (given) => given };
}

/** A flag without a value: true where it is given, `--no-…` too. */
export function on(spelling: string, summary: string): Parameter<boolean> {
  return { spelling, summary, read: ({ length }) => length > 0 };
}

/** A flag with a value, undefined without it; of several the last one counts. */
export function value<V>(spelling: string, summary: string, parse: (text: string) => V): Parameter<V | undefined> {
  return { spelling, summary, read: (given) => given.map(parse).at(-1) };
}

/** A flag with a value, and what counts without it. */
export function valueOr<V extends string | number>(
  spelling: string,
  summary: string,
  parse: (text: string) => V,
  fallback: V,
): Parameter<V> {
  return { spelling, summary, fallback, read: (given) => given.map(parse).at(-1) ?? fallback };
}

/** A flag whose value is one of a few, undefined without it. */
export function choice<const C extends string>(
  spelling: string,
  summary: string,
  choices: readonly C[],
): Parameter<C | undefined> {
  return { spelling, summary, choices, read: (given) => given.map((text) => oneOf(choices, text)).at(-1) };
}

/** Whether it is a flag and no argument. */
export function isFlag({ spelling }: Pick<Parameter<unknown>, "spelling">): boolean {
  return spelling.startsWith("-");
}

/** One of these texts. Throws an InvalidArgumentError for another. */
export function oneOf<C extends string>(choices: readonly C[], text: string): C {
  const found = choices.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
  return found;
}

/** Any text. */
export function anyText(text: string): string {
  return text;
}

/** The parts of `a,b,c`. */
export function listOf(text: string): readonly string[] {
  return text.split(",").filter((part) => part !== "");
}

/** A whole number from `least` to 999999, or 0 where that is allowed. */
export function wholeNumber({ least = 1, orZero = false } = {}): (text: string) => number {
  return (text) => {
    if (orZero && text === "0") return 0;
    const number = /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least)) throw new InvalidArgumentError(`It takes a whole number from ${least} to 999999.`);
    return number;
  };
}
