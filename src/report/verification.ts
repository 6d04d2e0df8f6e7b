/** A verification as text and as JSON. */
import { andList } from "../errors/and-list.ts";
import { count } from "../errors/count.ts";
import { excerpt, LONGEST_MESSAGE } from "../errors/excerpt.ts";
import { inWords } from "../lvs/service-name.ts";
import type { Verification } from "../verify/verification.ts";
import type { JsonResult } from "./json.ts";
import { type Given, nextCommand } from "./next-command.ts";
import type { Output, Style } from "./output.ts";
import { sharedProblems } from "./shared-problems.ts";
import { wrap } from "./wrap.ts";

/** A verdict names at most so many services. */
const MOST_NAMES = 5;

/** Folds checks that passed on all hosts into one line; lists a failure with its likely causes. */
export function formatVerification(verification: Verification, given: Given, output: Output): string {
  const states = verification.checks.filter(({ name, ok }) => name === "state" && ok);
  const shown = verification.checks.filter((check) => !states.includes(check));
  const lines = shown.flatMap(({ ok, service, detail }) =>
    itemLines(ok ? "✓" : "✗", ok ? "green" : "red", service ? `${inWords(service)}: ${detail}` : detail, output),
  );
  if (states.length > 0) {
    const rest = `${count(states.length, "host")} ${states.length === 1 ? "matches" : "match"}`;
    lines.push(...itemLines("✓", "green", `${rest} the topology`, output));
  }
  lines.push(...verification.notes.flatMap((note) => itemLines("-", "yellow", note, output)));
  if (verification.causes.length > 0) {
    lines.push("", output.paint("bold", "Likely cause:"));
    const shared = sharedProblems(
      verification.causes,
      ({ host }) => host,
      ({ message, why }) => [message, why],
    );
    for (const { problem, hosts } of shared) {
      const message = excerpt(problem.message.replace(/\.$/, ""), LONGEST_MESSAGE);
      const text = `  ${hosts.join(", ")}: ${message}.${problem.why ? ` ${problem.why}` : ""}`;
      lines.push(...wrap(text, output.width, "    "));
    }
  }
  const { color, text } = verdict(verification, given);
  lines.push("", ...wrap(text, output.width).map((line) => output.paint(color, line)));
  return `${lines.join("\n")}\n`;
}

/** It works as far as requests show that: without any, nothing does. */
function verdict(verification: Verification, given: Given): { readonly color: Style; readonly text: string } {
  const { ok, services, slow } = verification;
  if (!ok)
    return {
      color: "red",
      text: `Verification failed${slow.length > 0 ? slowText(verification, given) : causeText(verification)}`,
    };
  const unasked = [...services].filter(([, { requests }]) => requests === 0).map(([name]) => inWords(name));
  if (unasked.length === services.size) {
    return { color: "yellow", text: "Nothing is wrong, but no requests were sent, so it is not verified." };
  }
  const rest = unasked.length === 0 ? "" : ` No requests were sent to ${firstOf(unasked)}.`;
  return { color: "green", text: `Verified: it works.${rest}` };
}

/** Checks whose failure does not say by itself where it comes from. */
const MYSTERIOUS = new Set(["answers", "director", "distribution", "page"]);
/** Checks whose failure explains others. */
const EXPLAINING = new Set(["holder", "neighbour", "port", "state"]);

function causeText(verification: Verification): string {
  const { checks, causes, hosts } = verification;
  const failed = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const isUnexplained = failed.some((name) => MYSTERIOUS.has(name)) && !failed.some((name) => EXPLAINING.has(name));
  return causes.length === 0 && isUnexplained ? `. ${noCauseText(lookedAt(verification), hosts)}` : ".";
}

function noCauseText(known: number, hosts: number): string {
  if (known === hosts) return "No cause was found on the hosts.";
  return known === 0
    ? "No host was looked at."
    : `No cause was found on ${known} of ${hosts} hosts; the others were not looked at.`;
}

function hostsText(known: number, hosts: number): string {
  if (known === hosts) return ", and every host matches the topology";
  if (known === 0) return "; no host was looked at";
  return `, and ${known} of ${hosts} hosts ${known === 1 ? "matches" : "match"} the topology; the others were not looked at`;
}

/** How many hosts were looked at. */
function lookedAt({ checks }: Pick<Verification, "checks">): number {
  return checks.filter(({ name }) => name === "state").length;
}

/** The longest timeout. Source: schemas/topology.schema.json, definition `verify`. */
const LONGEST_TIMEOUT = 300;

function slowText({ slow, ...verification }: Verification, given: Given): string {
  const timeoutSeconds = Math.max(...slow.map((one) => one.timeoutSeconds));
  const services = [...new Set(slow.map(({ service }) => service))];
  const counts = services.map((service) => {
    const own = slow.filter((one) => one.service === service);
    const late = own.reduce((sum, { timedOut }) => sum + timedOut, 0);
    const sent = own.reduce((sum, { requests }) => sum + requests, 0);
    return `${late} of ${sent} requests to ${inWords(service)}`;
  });
  const longer = Math.min(3 * timeoutSeconds, LONGEST_TIMEOUT);
  const next =
    longer > timeoutSeconds
      ? ` To give them more time: ${nextCommand("verify", { ...given, asking: { ...given.asking, timeoutSeconds: longer } })}, or verify.timeout in the file.`
      : "";
  return `: slow, not wrong. ${firstOf(counts)} had no answer within ${timeoutSeconds} s. All answers were correct${hostsText(lookedAt(verification), verification.hosts)}.${next}`;
}

function firstOf(names: readonly string[]): string {
  const shown =
    names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names;
  return andList(shown);
}

/** `lvsctl.verify/1`. */
export function verificationToJson(verification: Verification) {
  const { topology, ok, checks, services, causes, notes, slow } = verification;
  const counts = [...services].map(([name, { byRealServer, ...rest }]) => {
    return [name, { ...rest, byRealServer: Object.fromEntries(byRealServer) }] as const;
  });
  return {
    format: "lvsctl.verify/1",
    ...{ topology, ok, checks, services: Object.fromEntries(counts), causes, notes, slow },
  } satisfies JsonResult;
}

function itemLines(sign: string, style: "green" | "red" | "yellow", text: string, output: Output): readonly string[] {
  const [first = "", ...more] = wrap(`  ${sign} ${excerpt(text, LONGEST_MESSAGE)}`, output.width, "    ");
  return [first.replace(sign, output.paint(style, sign)), ...more];
}
