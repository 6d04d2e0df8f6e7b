/** The same problem on several hosts is one problem. Pure. */

/** A problem, and every host that has it; none if it is no host's. */
export interface Shared<Problem> {
  readonly problem: Problem;
  readonly hosts: readonly string[];
}

/** The problems in their order, each once. `sameAs`: what is equal for two that differ in their hosts alone. */
export function sharedProblems<Problem>(
  problems: readonly Problem[],
  hostOf: (problem: Problem) => string | undefined,
  sameAs: (problem: Problem) => readonly unknown[],
): readonly Shared<Problem>[] {
  const found = new Map<string, Shared<Problem>>();
  for (const problem of problems) {
    const key = JSON.stringify(sameAs(problem));
    const known = found.get(key) ?? { problem, hosts: [] };
    found.set(key, { ...known, hosts: [...new Set([...known.hosts, ...[hostOf(problem) ?? []].flat()])] });
  }
  return [...found.values()];
}
