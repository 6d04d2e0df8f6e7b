/** Modes that a hint can name as the way out, found by their traits. */
import type { Draft } from "./draft.ts";
import type { ModeTraits } from "./mode-traits.ts";

/** The names of the modes that come with lvsctl and have these traits, simplest first. */
export function modesWith(draft: Draft, has: (traits: ModeTraits) => boolean): readonly string[] {
  return [...draft.modes.builtIn()].filter(([, traits]) => has(traits)).map(([name]) => name);
}

/** The end of a hint, `, or use the mode nat or fullnat`; empty where no mode has these traits. */
export function orUse(draft: Draft, has: (traits: ModeTraits) => boolean): string {
  const names = modesWith(draft, has);
  return names.length === 0 ? "" : `, or use the mode ${names.join(" or ")}`;
}

/** Whether real servers see who the client is, as long as no setting hides it. */
export function showsClient({ rewrites }: ModeTraits): boolean {
  return rewrites?.source !== "always";
}
