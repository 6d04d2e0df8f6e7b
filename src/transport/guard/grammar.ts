/** A small grammar of command lines as getopt(3) reads them. An option that a rule does not name is refused. */

/** Whether the arguments (without the program's name) make a command that only reads. */
export type Rule = (args: readonly string[]) => boolean;
/** Whether a word is allowed in its place. */
export type Check = (word: string) => boolean;

/** The options and operands that are allowed for a program. */
export interface Grammar {
  /** Letters that take no value; they may be combined: `-Ln`. */
  readonly flags?: string;
  /** Letters that take a value, glued (`-tnat`) or as the next word. */
  readonly values?: Readonly<Record<string, Check>>;
  /** Long options without a value, exact: what getopt would complete is refused. */
  readonly long?: readonly string[];
  /** Long options with a value: `--timeout=5`, `--timeout 5`. */
  readonly longValues?: Readonly<Record<string, Check>>;
  /** What the other words must be; without it there may be none. */
  readonly operand?: Check;
  readonly maxOperands?: number;
  /** At least one of these options must be there: letters and long names. */
  readonly needs?: readonly string[];
}

/** Any text. */
export const anything: Check = () => true;
/** A number with at most three decimals, below a million. */
export const number: Check = (word) => /^\d{1,6}(\.\d{1,3})?$/.test(word);
/** A name or an address: no option, and nothing that is special in another command language. */
export const plain: Check = (word) => /^[A-Za-z0-9_:][A-Za-z0-9_.:/@,%+*-]*$/.test(word);
/** One of these words. */
export const oneOf =
  (...words: readonly string[]): Check =>
  (word) =>
    words.includes(word);

/** A rule that takes what the grammar describes. */
export function grammar(form: Grammar): Rule {
  return (args) => {
    const seen = parse(form, args);
    if (!seen) return false;
    if (seen.operands.length > (form.maxOperands ?? Number.POSITIVE_INFINITY)) return false;
    if (!seen.operands.every((word) => form.operand?.(word) ?? false)) return false;
    return form.needs === undefined || form.needs.some((name) => seen.options.has(name));
  };
}

interface Parsed {
  readonly options: ReadonlySet<string>;
  readonly operands: readonly string[];
}

function parse(form: Grammar, args: readonly string[]): Parsed | undefined {
  const options = new Set<string>();
  const operands: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    if (word === "--") return { options, operands: [...operands, ...args.slice(index + 1)] };
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      continue;
    }
    const used = word.startsWith("--")
      ? longOption(form, word.slice(2), args[index + 1], options)
      : shortOptions(form, word.slice(1), args[index + 1], options);
    if (used === undefined) return undefined;
    index += used;
  }
  return { options, operands };
}

/** How many words after this one belong to it; undefined when it is not allowed. */
function longOption(form: Grammar, text: string, next: string | undefined, options: Set<string>): number | undefined {
  const [name = "", ...rest] = text.split("=");
  options.add(name);
  if (rest.length === 0 && form.long?.includes(name)) return 0;
  const check = Object.hasOwn(form.longValues ?? {}, name) ? form.longValues?.[name] : undefined;
  if (!check) return undefined;
  const value = rest.length > 0 ? rest.join("=") : next;
  if (value === undefined || !check(value)) return undefined;
  return rest.length > 0 ? 0 : 1;
}

function shortOptions(
  form: Grammar,
  letters: string,
  next: string | undefined,
  options: Set<string>,
): number | undefined {
  for (const [index, letter] of [...letters].entries()) {
    options.add(letter);
    if (form.flags?.includes(letter)) continue;
    const check = Object.hasOwn(form.values ?? {}, letter) ? form.values?.[letter] : undefined;
    const glued = [...letters].slice(index + 1).join("");
    const value = glued === "" ? next : glued;
    if (!check || value === undefined || !check(value)) return undefined;
    return glued === "" ? 1 : 0;
  }
  return 0;
}
