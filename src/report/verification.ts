/** A verification as text and as JSON. */
import { andList } from "../errors/and-list.ts";
import { excerpt, LONGEST_MESSAGE } from "../errors/excerpt.ts";
import { inWords } from "../lvs/service-name.ts";
import type { Verification } from "../verify/verification.ts";
import type { JsonResult } from "./json.ts";
import type { Output, Style } from "./output.ts";
import { wrap } from "./wrap.ts";

/** A verdict names at most so many services. */
const MOST_NAMES = 5;

/** Folds checks that passed on all hosts into one line; lists a failure with its likely causes. */
export function formatVerification(verification: Verification, output: Output): string {
  const states = verification.checks.filter(({ name, ok }) => name === "state" && ok);
  const shown = verification.checks.filter((check) => !states.includes(check));
  const lines = shown.flatMap(({ ok, service, detail }) =>
    itemLines(ok ? "✓" : "✗", ok ? "green" : "red", service ? `${inWords(service)}: ${detail}` : detail, output),
  );
  if (states.length > 0) {
    const rest = states.length === 1 ? "1 host is" : `${states.length} hosts are`;
    lines.push(...itemLines("✓", "green", `${rest} as the topology says`, output));
  }
  lines.push(...verification.notes.flatMap((note) => itemLines("-", "yellow", note, output)));
  if (verification.causes.length > 0) {
    lines.push("", output.paint("bold", "Likely cause:"));
    for (const { host, message, why } of verification.causes) {
      lines.push(
        ...wrap(`  ${host}: ${excerpt(message, LONGEST_MESSAGE)}.${why ? ` ${why}` : ""}`, output.width, "    "),
      );
    }
  }
  const { color, text } = verdict(verification);
  lines.push("", ...wrap(text, output.width).map((line) => output.paint(color, line)));
  return `${lines.join("\n")}\n`;
}

/** It works as far as requests show that: without any, nothing does. */
function verdict({ ok, services }: Verification): { readonly color: Style; readonly text: string } {
  if (!ok) return { color: "red", text: "Verification failed." };
  const unasked = [...services].filter(([, { requests }]) => requests === 0).map(([name]) => inWords(name));
  if (unasked.length === services.size) {
    return { color: "yellow", text: "Nothing is wrong, but no requests were sent: nothing shows that it works." };
  }
  const rest = unasked.length === 0 ? "" : ` No requests were sent to ${firstOf(unasked)}.`;
  return { color: "green", text: `Verified: it works.${rest}` };
}

function firstOf(names: readonly string[]): string {
  const shown =
    names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names;
  return andList(shown);
}

/** `lvsctl.verify/1`. */
export function verificationToJson({ topology, ok, checks, services, causes, notes }: Verification): JsonResult {
  const counts = [...services].map(([name, { byRealServer, ...rest }]) => [
    name,
    { ...rest, byRealServer: Object.fromEntries(byRealServer) },
  ]);
  return { format: "lvsctl.verify/1", topology, ok, checks, services: Object.fromEntries(counts), causes, notes };
}

function itemLines(sign: string, style: "green" | "red" | "yellow", text: string, output: Output): readonly string[] {
  const [first = "", ...more] = wrap(`  ${sign} ${excerpt(text, LONGEST_MESSAGE)}`, output.width, "    ");
  return [first.replace(sign, output.paint(style, sign)), ...more];
}
