/** Modes that a hint can suggest instead, found by their traits. */
import type { Draft } from "./draft.ts";
import type { ModeTraits } from "./mode-traits.ts";

/** The names of the built-in modes with these traits, simplest first. */
export function modesWith(draft: Draft, has: (traits: ModeTraits) => boolean): readonly string[] {
  return [...draft.modes.builtIn()].filter(([, traits]) => has(traits)).map(([name]) => name);
}

/** The end of a hint, `, or use the mode nat or fullnat`; empty if no mode has these traits. */
export function orUse(draft: Draft, has: (traits: ModeTraits) => boolean): string {
  const names = modesWith(draft, has);
  return names.length === 0 ? "" : `, or use the mode ${names.join(" or ")}`;
}

/** Whether real servers see the client's address, unless a setting hides it. */
export function showsClient({ rewrites }: ModeTraits): boolean {
  return rewrites?.source !== "always";
}
