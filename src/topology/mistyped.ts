/** Values that are mistyped, whatever they are for, and what to do about it. */

import type { Path } from "../document/parse-document.ts";
import { setting } from "../document/schema-problem.ts";

/** The hint for a text in the quotes that word processors make of plain ones: to YAML they are part of the text. */
export function typographicQuotes(path: Path, written: unknown): string | undefined {
  const [, open, meant, close] = /^([“”„‟‘’‚‛«»])(.*)([“”‟‘’‛«»])$/su.exec(String(written)) ?? [];
  if (typeof written !== "string" || meant === undefined || typeof path.at(-1) !== "string") return undefined;
  return `${open} and ${close} are typographic quotes, and part of the text in YAML. Write \`${setting(path, meant)}\`.`;
}

/** The hint for an IPv4 address with an octet that is more than one can be. */
export function largeOctet(written: unknown): string | undefined {
  const octets = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})\.(\d{1,4})(\/\d{1,2})?$/.exec(String(written))?.slice(1, 5);
  const large = octets?.find((octet) => Number(octet) > 255);
  return large && `An octet is at most 255, and ${large} is more. Correct the address.`;
}
