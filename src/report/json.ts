/** Results as machines read them. docs/json.md shows each of them. */

/** A result that names its format: `lvsctl.plan/1`. Fields may be added to it; one that goes or means something else takes a new number. */
export interface JsonResult {
  readonly format: `lvsctl.${string}/${number}`;
  readonly [field: string]: unknown;
}

/** The one way in which JSON is printed: two columns a level, and an end of line. */
export function formatJson(result: JsonResult): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
