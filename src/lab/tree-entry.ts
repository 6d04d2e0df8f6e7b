/** Files to be written. */

/** One entry of a tree; `path` is relative. Modes default to 0644 for files and 0755 for folders. */
export type TreeEntry =
  | { readonly path: string; readonly content: string; readonly mode?: number }
  | { readonly path: string; readonly linkTo: string }
  | { readonly path: string; readonly folder: true; readonly mode?: number };
