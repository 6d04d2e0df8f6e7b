import type { Text } from "./playbook.ts";

/** A text as playbooks write it, which may be English alone. */
export function toText(written: string | Text): Text {
  if (typeof written === "string") return { en: written };
  return written.zh === undefined ? written : { ...written, zh: joinLines(written.zh) };
}

/** Where YAML has folded lines a blank is left, which Chinese does not have. */
function joinLines(text: string): string {
  return text.replaceAll(
    /(?<=[\p{Script=Han}\u3000-\u303f\uff00-\uffef]) (?=[\p{Script=Han}\u3000-\u303f\uff00-\uffef])/gu,
    "",
  );
}
