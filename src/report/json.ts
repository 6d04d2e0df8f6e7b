/** Results as machines read them. docs/json.md shows each of them. */

/** A result with the name of its format, `lvsctl.plan/1`. Of a format that has a number fields may be added, never changed. */
export interface JsonResult {
  readonly format: `lvsctl.${string}/${number}`;
  readonly [field: string]: unknown;
}

/** The one way in which JSON is printed: two columns a level, and an end of line. */
export function formatJson(result: JsonResult): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
