const MAX_LENGTH = 80;

/** A user's value for a message: as JSON, so that it cannot be confused with our own words, and at most 80 characters. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}
