/**
 * Turns YAML nodes into plain values that know their ranges. It follows aliases and `<<`, and refuses what a plain value
 * cannot hold. The yaml library's own conversion loses the places of merged keys and stops at the first bad alias.
 */
import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from "yaml";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { showValue } from "./show-value.ts";
import type { SourceText } from "./source-text.ts";

type Range = readonly [start: number, end: number];

/** A value and its place in the text, in offsets. Children are by key or index. */
export interface Located {
  readonly value: unknown;
  readonly range: Range;
  readonly keyRange?: Range;
  readonly children?: ReadonlyMap<string | number, Located>;
}

/** The value that an anchor names; absent while it is still being read. `size` counts its values with aliases expanded. */
interface Anchor {
  located?: Located;
  size: number;
}

/** What to do about a key that stands twice in a map; undefined if there is nothing to say but that. `path`: of the key. */
export type TwiceHint = (path: readonly (string | number)[], first: unknown, second: unknown) => string | undefined;

type Code = `LVS-CONFIG-00${2 | 3 | 4 | 6 | 9}`;

const MAX_VALUES = 200_000;
const MAX_PROBLEMS = 500;
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** Reads the contents of a composed document. A mistake adds a problem, and nothing or null takes its place. */
export function locateNodes(
  contents: unknown,
  source: SourceText,
  twiceHint: TwiceHint = () => undefined,
): { root: Located; problems: readonly LvsctlError[] } {
  const reader = new NodeReader(source, twiceHint);
  const root = reader.read(contents, [0, source.text.length]);
  return { root, problems: reader.problems };
}

class NodeReader {
  readonly problems: LvsctlError[] = [];
  readonly #source: SourceText;
  readonly #twiceHint: TwiceHint;
  readonly #anchors = new Map<string, Anchor>();
  /** Where the value that is being read stands. */
  readonly #path: (string | number)[] = [];
  #values = 0;

  constructor(source: SourceText, twiceHint: TwiceHint) {
    this.#source = source;
    this.#twiceHint = twiceHint;
  }

  /** Reads a node; `where` is the place of one without its own, such as the value of `key:`. */
  read(node: unknown, where: Range): Located {
    const range = rangeOf(node, where);
    if (isAlias(node)) return this.#follow(node.source, range);
    const anchor: Anchor = { size: this.#values };
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined)
      this.#anchors.set(node.anchor, anchor);
    this.#values += 1;
    anchor.located = this.#readPlain(node, range);
    anchor.size = this.#values - anchor.size;
    return anchor.located;
  }

  #readPlain(node: unknown, range: Range): Located {
    if (isMap(node)) return this.#readMap(node, range);
    if (isSeq(node)) return this.#readSequence(node.items, range);
    return isScalar(node) ? this.#readScalar(node, range) : { value: null, range };
  }

  #follow(name: string, range: Range): Located {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) {
      const message = `No value above has the anchor &${name} that this alias names.`;
      this.#report(
        "LVS-CONFIG-006",
        range,
        message,
        `Write \`&${name}\` before the value above that is meant, or write the value here; quote a text that begins with \`*\`.`,
      );
      return { value: null, range };
    }
    if (anchor.located === undefined) {
      const message = `The alias *${name} is inside the value it names, so it would never end.`;
      this.#report("LVS-CONFIG-006", range, message, "Write out the value that is meant here.");
      return { value: null, range };
    }
    const before = this.#values;
    if (before + anchor.size > MAX_VALUES) {
      const message = `With its aliases written out, the document has more than ${MAX_VALUES} values.`;
      if (before <= MAX_VALUES)
        this.#report("LVS-CONFIG-006", range, message, "Write out what is meant; aliases of aliases multiply.");
      this.#values = MAX_VALUES + 1;
      return { value: null, range };
    }
    this.#values += anchor.size;
    return { ...anchor.located, range };
  }

  #readScalar(scalar: Scalar, range: Range): Located {
    const { value, source } = scalar;
    if (typeof value === "string" && CONTROL.test(value)) {
      const message = "This text holds a control character, which no setting needs.";
      this.#report("LVS-CONFIG-002", range, message, "Delete the escape sequence that makes it.");
      return { value: "", range };
    }
    if (typeof value === "object" && value !== null) {
      this.#report(
        "LVS-CONFIG-003",
        range,
        "This value has a YAML tag (`!!…`) that says nothing here.",
        "Delete the tag.",
      );
      return { value: null, range };
    }
    if (typeof value === "number" && source !== undefined && /^[-+]?0[0-9]/.test(source)) {
      const message = `${source} begins with a zero: some programs read such a number as octal, some as ${value}.`;
      this.#report(
        "LVS-CONFIG-009",
        range,
        message,
        `Write ${value} if that is what is meant, and "${source}" with quotes if it is a name.`,
      );
    }
    return { value, range };
  }

  #readSequence(items: readonly unknown[], range: Range): Located {
    const children = new Map(items.map((item, index) => [index, this.#readAt(index, item, range)]));
    return { value: [...children.values()].map((child) => child.value), range, children };
  }

  #readMap(map: YAMLMap, range: Range): Located {
    const own = new Map<string, Located>();
    const merged = new Map<string, Located>();
    for (const pair of map.items) {
      if (isMergeKey(pair)) this.#merge(pair, rangeOf(pair.key, range), merged);
      else this.#readPair(pair, rangeOf(pair.key, range), own);
    }
    const children = new Map([...merged, ...own]);
    return { value: Object.fromEntries([...children].map(([key, child]) => [key, child.value])), range, children };
  }

  #readPair({ key, value }: Pair, keyRange: Range, own: Map<string, Located>): void {
    const { value: word } = this.read(key, keyRange);
    if (typeof word === "object" || word === undefined) {
      const message = "A key has to be a single word, and this is a list, a map or nothing.";
      this.#report(
        "LVS-CONFIG-003",
        keyRange,
        message,
        "Write `key: value`; quote a key that holds special characters.",
      );
      return;
    }
    const name = String(word);
    if (name === "__proto__") {
      this.#report("LVS-CONFIG-002", keyRange, `"${name}" cannot be a key.`, "Choose another name.");
    } else if (own.has(name)) {
      const message = `${showValue(name)} is here a second time; only one of the two could count.`;
      const second = this.#readAt(name, value, keyRange).value;
      const hint = this.#twiceHint([...this.#path, name], own.get(name)?.value, second);
      this.#report("LVS-CONFIG-004", keyRange, message, hint ?? "Rename one of them, or put both into one.");
    } else {
      own.set(name, { ...this.#readAt(name, value, keyRange), keyRange });
    }
  }

  #readAt(step: string | number, node: unknown, where: Range): Located {
    this.#path.push(step);
    const located = this.read(node, where);
    this.#path.pop();
    return located;
  }

  /** Merges `<<: *base` or `<<: [*one, *two]`. The map's own keys win, then those of the earlier base. */
  #merge(pair: Pair, keyRange: Range, merged: Map<string, Located>): void {
    const located = this.read(pair.value, keyRange);
    const bases = Array.isArray(located.value) ? [...(located.children?.values() ?? [])] : [located];
    for (const base of bases) {
      if (typeof base.value !== "object" || base.value === null || Array.isArray(base.value)) {
        const message = "`<<` can only merge a map.";
        this.#report("LVS-CONFIG-006", base.range, message, "Name the anchor of a map: `<<: *base`.");
        continue;
      }
      for (const [key, child] of base.children ?? []) {
        if (!merged.has(String(key))) merged.set(String(key), child);
      }
    }
  }

  #report(code: Code, range: Range, message: string, hint: string): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push(new LvsctlError(code, message, { hint, at: this.#source.position(...range) }));
  }
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

function rangeOf(node: unknown, otherwise: Range): Range {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) ? [Number(range[0]), Number(range[1])] : otherwise;
}
