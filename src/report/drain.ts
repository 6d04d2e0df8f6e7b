/** The progress of a drain as text: what is still open, and how it ended. */
import { excerpt } from "../errors/excerpt.ts";
import type { Clock } from "../machine/machine.ts";
import type { DrainResult, OpenConnections } from "../transaction/drain.ts";
import { type Given, nextCommand } from "./next-command.ts";
import type { Output } from "./output.ts";
import { wrap } from "./wrap.ts";

/** Without a terminal, at most one line per this interval. */
const LINE_EVERY_MS = 5_000;

/** `3 active, 12 inactive`: the totals. */
export function openText(open: readonly OpenConnections[]): string {
  const sum = (name: "active" | "inactive") => open.reduce((all, one) => all + one[name], 0);
  return `${sum("active")} active, ${sum("inactive")} inactive`;
}

/** The most real servers that the progress of a run names. */
const MANY = 3;

/** What the real servers of one director that a run removes still have open, each by its own name; empty if nothing. */
export function drainingText(open: readonly OpenConnections[]): string {
  const named = open.slice(0, MANY).map((one) => `${one.key}: ${openText([one])}`);
  const rest = open.slice(MANY);
  return [...named, ...(rest.length === 0 ? [] : [`${rest.length} more: ${openText(rest)}`])].join("; ");
}

/** Shows a real server's open connections during the wait: in place on a terminal, otherwise a line now and then. */
export function watchDrain(
  server: string,
  output: Output,
  clock: Pick<Clock, "now">,
): (open: readonly OpenConnections[]) => void {
  let last = { text: "", at: Number.NEGATIVE_INFINITY };
  return (open) => {
    const text = `${server}: ${openText(open)}`;
    output.showActivity(open.length === 0 ? undefined : text);
    const now = clock.now();
    if (output.isTerminal || open.length === 0 || text === last.text || now - last.at < LINE_EVERY_MS) return;
    last = { text, at: now };
    output.write(`${text}\n`);
  };
}

/** How the wait for a drained real server ended; if there was no wait, only that it is drained. */
export function formatDrained(
  { server, service }: { readonly server: string; readonly service?: string | undefined },
  wait: DrainResult | undefined,
  given: Given,
  output: Output,
): string {
  const [where, flag] = service === undefined ? ["", ""] : [` in ${service}`, ` --service ${service}`];
  const isDrained = `${server} receives no new connections${where}`;
  const hosts = [...new Set(wait?.open.map(({ host }) => host))].join(", ");
  const open =
    wait === undefined
      ? ""
      : wait.result === "ended"
        ? "; none of its connections is open any more"
        : `; ${openText(wait.open)} on ${hosts} when the wait was interrupted`;
  const end = `To end this: ${nextCommand(`undrain${flag}`, given)} ${server}`;
  const lines = [...wrap(`${isDrained}${open}.`, output.width), ...wrap(end, output.width, "  ")];
  return lines.map((line) => `${wait?.result === "ended" ? output.paint("green", line) : line}\n`).join("");
}

/** Which connections were dropped when the drain timeout expired. */
export function formatCutOff(cutOff: readonly OpenConnections[], output: Output): string {
  const lines = cutOff
    .flatMap((one) => wrap(`  ${one.host}: ${excerpt(one.key)}: ${openText([one])}`, output.width, "    "))
    .map((line) => `${line}\n`);
  const title = "These connections were still open when --drain-timeout expired and their real server was removed:";
  return `${output.paint("yellow", title)}\n${lines.join("")}`;
}
