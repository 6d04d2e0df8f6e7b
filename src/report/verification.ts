/** A verification as text and as JSON. */
import { inWords } from "../lvs/service-name.ts";
import type { Verification } from "../verify/verification.ts";
import type { JsonResult } from "./json.ts";
import type { Output } from "./output.ts";
import { wrap } from "./wrap.ts";

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
      lines.push(...wrap(`  ${host}: ${message}.${why ? ` ${why}` : ""}`, output.width, "    "));
    }
  }
  const verdict = verification.ok
    ? output.paint("green", "Verified: it works.")
    : output.paint("red", "Verification failed.");
  return `${[...lines, "", verdict].join("\n")}\n`;
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
  const [first = "", ...more] = wrap(`  ${sign} ${text}`, output.width, "    ");
  return [first.replace(sign, output.paint(style, sign)), ...more];
}
