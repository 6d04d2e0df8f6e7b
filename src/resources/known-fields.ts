/** The fields of what is stored on hosts. One that is not among them is a newer lvsctl's, and means something to it. Pure. */

/** The fields of an object by name; in each, the fields of its own objects, or `true`. Lists are like what is in them. */
export interface FieldNames {
  readonly [name: string]: true | FieldNames;
}

/** `FieldNames` for a type: all of its fields, the optional ones too, and nothing else. */
export type Fields<T> = { readonly [Name in NamesOf<T>]: Field<NonNullable<ValueOf<T, Name>>> };

type Field<V> = [V] extends [readonly (infer Part)[]]
  ? Field<Part>
  : [V] extends [object]
    ? [NamesOf<V>] extends [never]
      ? true
      : Fields<V>
    : true;

/** The names of each member of a union, but not those that an index signature allows. */
type NamesOf<T> = T extends unknown ? keyof { [Name in keyof T as string extends Name ? never : Name]: true } : never;

type ValueOf<T, Name> = T extends unknown ? (Name extends keyof T ? T[Name] : never) : never;

/** A field that is not among the known ones, by the names that lead to it: `ssh.port`; undefined if there is none. */
export function unknownField(value: unknown, known: FieldNames): string | undefined {
  // No list of ours is in another one; a host's answer may nest them without end.
  if (Array.isArray(value))
    return firstOf(value, (part) => (Array.isArray(part) ? undefined : unknownField(part, known)));
  if (typeof value !== "object" || value === null) return undefined;
  return firstOf(Object.entries(value), ([name, part]) => {
    const inner = Object.hasOwn(known, name) ? known[name] : undefined;
    if (inner === undefined) return name;
    const deeper = inner === true ? undefined : unknownField(part, inner);
    return deeper && `${name}.${deeper}`;
  });
}

/** `unknownField` in states of one kind, by what they are: `original.metric`. */
export function unknownInStates(states: Readonly<Record<string, unknown>>, known: FieldNames): string | undefined {
  return firstOf(Object.entries(states), ([name, state]) => unknownField({ [name]: state }, { [name]: known }));
}

function firstOf<T>(all: readonly T[], find: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
