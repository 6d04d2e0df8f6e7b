/** Hosts that have left the topology's file, in words. */
import { destinationOf, whatItWas } from "../ledger/known-host.ts";
import type { Plan, RemovedHost } from "../plan/plan.ts";
import { type Given, nextCommand } from "./next-command.ts";
import type { Output } from "./output.ts";
import { wrap } from "./wrap.ts";

/** One paragraph about a removed host: what it was, and what becomes of it. */
export function removedLines(host: RemovedHost, topology: string, given: Given, output: Output): readonly string[] {
  const isWarning = host.state !== "cleaned" && host.state !== "renamed";
  const label = isWarning ? output.paint("yellow", "Warning:") : "Removed:";
  return wrap(`${host.state === "renamed" ? "Renamed:" : label} ${textOf(host, topology, given)}`, output.width, "  ");
}

/** The removed hosts that may still be live when a run has ended, and what to do about them; empty if there are none. */
export function formatStillLive({ removed = [], topology }: Plan, given: Given, output: Output): string {
  return removed
    .filter(({ state }) => state === "unreached" || state === "unmanaged")
    .flatMap((host) => removedLines(host, topology, given, output))
    .map((line) => `${line}\n`)
    .join("");
}

function textOf(host: RemovedHost, topology: string, { file: _file, limit: _limit, ...given }: Given): string {
  const { name, state, renamedTo, reason } = host;
  const was = `${name} was ${whatItWas(host, topology)} and is no longer in the file`;
  const place = given.lab ? name : destinationOf(host);
  const destroy = nextCommand("destroy", { ...given, name: topology, hosts: [place] });
  switch (state) {
    case "cleaned":
      return `${was}; what lvsctl made there is removed.`;
    case "renamed":
      return `${name} is now called ${renamedTo}; it is the same machine and stays unchanged.`;
    case "left-out":
      return `${was}; because of --limit it is left alone, and may still be live.`;
    case "unmanaged": {
      const now = renamedTo === undefined ? name : `${name}, now ${renamedTo},`;
      return `${now} was ${whatItWas(host, topology)}, and lvsctl does not log in to it any more. What lvsctl made there stays. To remove it: ${destroy}. After that, or if its owner keeps it: --forget ${name}.`;
    }
    case "replaced":
      return `${name} is now another machine. The one at ${destinationOf(host)} was ${whatItWas(host, topology)} and may still be live: ${destroy}`;
    case "unreached":
      return `${was}. It cannot be cleaned (${reason?.trimEnd().replace(/\.$/, "")}) and may still be live. To clean it later: ${destroy}. If it is gone for good: --forget ${name}.`;
  }
}
