/** Results as JSON. docs/json.md shows each of them. */
import { visibleJson } from "./visible.ts";

/**
 * A result that names its format: `lvsctl.plan/1`. Adding fields is fine; removing one or changing its meaning takes a new
 * number.
 */
export interface JsonResult {
  readonly format: `lvsctl.${string}/${number}`;
  readonly [field: string]: unknown;
}

/** How all JSON is printed: indented by two, with a final newline, and with everything escaped that a terminal would interpret. */
export function formatJson(result: JsonResult): string {
  return visibleJson(`${JSON.stringify(result, undefined, 2)}\n`);
}
