import type { Text } from "./playbook.ts";

/** A text as playbooks write it, which may be English alone. */
export function toText(written: string | Text): Text {
  return typeof written === "string" ? { en: written } : written;
}
