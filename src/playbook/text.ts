import type { Text } from "./playbook.ts";

/** A text from a playbook, which may be in English only. */
export function toText(written: string | Text): Text {
  if (typeof written === "string") return { en: written };
  return written.zh === undefined ? written : { ...written, zh: joinLines(written.zh) };
}

/** YAML leaves a space where it folds lines; Chinese has none there. */
function joinLines(text: string): string {
  return text.replaceAll(
    /(?<=[\p{Script=Han}\u3000-\u303f\uff00-\uffef]) (?=[\p{Script=Han}\u3000-\u303f\uff00-\uffef])/gu,
    "",
  );
}
