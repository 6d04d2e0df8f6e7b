/** How much work pure code does, as a number that is the same on every machine. */

/** Methods that visit elements until their callback has found what it looks for. */
const WALKS = ["every", "filter", "find", "findIndex", "flatMap", "forEach", "map", "reduce", "some"];

/** Methods that compare elements until one is equal. */
const SEARCHES = ["includes", "indexOf"];

/** Methods that are one operation each. */
const STEPS = [
  [Array.prototype, ["splice"]],
  [Map.prototype, ["get", "has", "set"]],
  [Set.prototype, ["add", "has"]],
] as const;

type Method = (this: unknown, ...given: unknown[]) => unknown;

/**
 * Does the work and counts its operations: elements that methods of arrays visit and compare, and what maps and sets are asked for.
 * Throws as soon as there are more than `limit`, so that work which grows too fast fails at once instead of going on for hours.
 */
export function operationsOf(work: () => void, limit = Number.POSITIVE_INFINITY): number {
  let count = 0;
  const add = (more: number) => {
    count += more;
    if (count > limit) throw new RangeError(`more than ${limit} operations`);
  };
  const undo: (() => void)[] = [];
  const replace = (owner: object, name: string, made: (original: Method) => Method) => {
    const original = Reflect.get(owner, name) as Method;
    const define = (value: Method) => Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    undo.push(() => define(original));
    define(made(original));
  };
  const { indexOf } = Array.prototype;
  for (const name of WALKS)
    replace(
      Array.prototype,
      name,
      (original) =>
        function (visit, ...rest) {
          const counting: Method = function (...given) {
            add(1);
            return (visit as Method).apply(this, given);
          };
          return original.call(this, counting, ...rest);
        },
    );
  for (const name of SEARCHES)
    replace(
      Array.prototype,
      name,
      (original) =>
        function (sought, from = 0) {
          const list = this as readonly unknown[];
          const at = indexOf.call(list, sought, from as number);
          add((at < 0 ? list.length : at + 1) - (from as number));
          return original.call(list, sought, from);
        },
    );
  for (const [owner, names] of STEPS)
    for (const name of names)
      replace(
        owner,
        name,
        (original) =>
          function (...given) {
            add(1);
            return original.apply(this, given);
          },
      );
  try {
    work();
  } finally {
    for (const one of undo) one();
  }
  return count;
}
