const MAX_LENGTH = 80;

/** A user's value for a message: as JSON, so that it cannot be confused with our own words, and at most 80 characters. */
export function showValue(value: unknown): string {
  const text = typeof value === "number" ? showNumber(value) : (JSON.stringify(value) ?? String(value));
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

/** A value as the file would have it, on one line: `{ eth0: [192.0.2.5/24, 192.0.2.6/24] }`. */
export function showYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(showYaml).join(", ")}]`;
  if (typeof value === "string") return PLAIN.test(value) && !TAKEN.test(value) ? value : JSON.stringify(value);
  if (typeof value === "number") return showNumber(value);
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).map(([key, one]) => `${showYaml(key)}: ${showYaml(one)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** YAML has names of its own for what is no number, and for what has no end. */
function showNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  return Number.isFinite(value) ? String(value) : `${value < 0 ? "-" : ""}.inf`;
}

/** What needs no quotes. */
const PLAIN = /^[A-Za-z0-9_/.~][A-Za-z0-9_/.~@:+ -]*(?<![: ])$/;
/** What would be no text without quotes, or looks like two numbers: `8000-8099`. */
const TAKEN = /^([-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|0[xo][\da-f]+|true|false|null|~|\d+[-:]\d+)$|: | #/i;
