/** What the built-in modes have in common, as far as the rules need it. Of a user's own mode nothing is known. */

/** Packets reach the real servers unchanged, and replies do not come back through the director. */
export function isDirect(mode: string): boolean {
  return mode === "dr" || mode === "tun";
}

/** The director rewrites addresses, so replies have to come back through it. */
export function isTranslating(mode: string): boolean {
  return mode === "nat" || mode === "fullnat";
}

/** The mode of a user's playbook is its path. */
export function isBuiltIn(mode: string): boolean {
  return isDirect(mode) || isTranslating(mode);
}
