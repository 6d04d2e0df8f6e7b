import type { Asked } from "./playbook.ts";
import type { LocatedRead } from "./template.ts";

/** The fields of the topology's parts among what expressions read, each once. */
export function askedIn(reads: readonly LocatedRead[]): readonly Asked[] {
  const asked = reads.flatMap(({ variable, field, path, isWhole }): Asked[] =>
    variable === undefined || field === undefined
      ? []
      : [{ variable, field, isRepeated: isWhole && path.includes("repeat") }],
  );
  const byName = new Map(asked.toReversed().map((one) => [`${one.variable}.${one.field}`, one]));
  return [...byName.values()].toReversed();
}
