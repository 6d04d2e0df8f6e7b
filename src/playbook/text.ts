import type { Text } from "./playbook.ts";

/** A text as playbooks write it, which may be English alone. */
export function toText(written: string | Text): Text {
  if (typeof written === "string") return { en: written };
  return written.zh === undefined ? written : { ...written, zh: joinLines(written.zh) };
}

/** A text that YAML folds has a blank where a line ended; Chinese has none there. */
function joinLines(text: string): string {
  return text.replaceAll(
    /(?<=[\p{Script=Han}\u3000-\u303f\uff00-\uffef]) (?=[\p{Script=Han}\u3000-\u303f\uff00-\uffef])/gu,
    "",
  );
}
