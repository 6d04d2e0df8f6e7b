/** Restores our netfilter rules at boot: all chains of a table at once, then the missing jumps. */
import { ruleLine } from "../../lvs/iptables-words.ts";
import { command, raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { BootStep, Observed } from "../resource.ts";
import { type Backend, restoreScript } from "./backend.ts";
import type { IptablesFacts } from "./observe.ts";
import { type IptablesRuleState, programOf } from "./rule-state.ts";

/** If saved rules have already restored one of our chains, it is emptied and refilled atomically. */
export function bootSteps(
  states: readonly IptablesRuleState[],
  { detail: { backends } }: Observed<IptablesRuleState, IptablesFacts>,
): readonly BootStep[] {
  const tables = new Map<string, IptablesRuleState[]>();
  for (const state of states) {
    const name = `${programOf(state.family)} -t ${state.table}`;
    tables.set(name, [...(tables.get(name) ?? []), state]);
  }
  return [...tables].flatMap(([name, rules]) => {
    const [first] = rules;
    const backend = first && backends.get(first.family);
    if (!first || !backend) return [];
    const what = `${name}: ${rules.flatMap(({ declares }) => declares ?? []).join(", ")}`;
    return [{ what, script: tableScript(first.table, rules, backend), later: { when: sh`asks rules` } }];
  });
}

function tableScript(table: string, states: readonly IptablesRuleState[], backend: Backend): ShellCommand {
  const load = (...lines: readonly string[]) => restoreScript(backend, [`*${table}`, ...lines, "COMMIT"]);
  const jumps = states.filter(({ declares }) => declares !== undefined);
  const fill = load(
    ...jumps.map(({ declares }) => `:${declares} - [0:0]`),
    ...states.filter((state) => !jumps.includes(state)).map(({ chain, rule }) => `-A ${chain} ${ruleLine(rule)}`),
  );
  const saves = [backend.restore, ...(backend.fallback === undefined ? [] : [backend.fallback])].map((restore) =>
    command(restore.replace(/restore$/, "save"), "-t", table),
  );
  const show = saves.map((save) => sh`${raw(save)} 2>/dev/null`).join("; ") as ShellCommand;
  const calls = jumps.map(({ chain, rule }) => {
    const words = `${chain} ${ruleLine(rule)}`;
    return sh`if ! { ${raw(show)}; } | grep -qxF -e ${`-A ${words}`}; then\n${raw(load(`-I ${words}`))}\nfi`;
  });
  return [fill, ...calls].join("\n") as ShellCommand;
}
