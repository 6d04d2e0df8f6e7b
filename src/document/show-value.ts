const MAX_LENGTH = 80;

/** A value of the user's for a message: as JSON, so that nothing in it can pass for ours, and not too long. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}
