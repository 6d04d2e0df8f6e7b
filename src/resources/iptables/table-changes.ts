/** Changes of netfilter rules as lines for iptables-restore. */
import { ruleLine } from "../../lvs/iptables-words.ts";
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { Change, Observed, Step } from "../resource.ts";
import { restoreScript } from "./backend.ts";
import { type ChainView, chainView, placeRules } from "./chain-order.ts";
import type { IptablesFacts } from "./observe.ts";
import { chainKey, foundKey, type IptablesRuleState, ruleKey } from "./rule-state.ts";
import { forgetStale, type RuleTurn } from "./stale-connections.ts";

type RuleChange = Change<IptablesRuleState>;
type RuleObserved = Observed<IptablesRuleState, IptablesFacts>;

/** One step per table: its changes happen all at once or not at all. */
export function tableSteps(changes: readonly RuleChange[], observed: RuleObserved): readonly Step<IptablesRuleState>[] {
  return groupBy(changes, ({ family, table }) => `${family} ${table}`).map((group) => {
    const script = raw(tableScript(group, observed));
    const forget = forgetStale(group.flatMap(turnOf));
    return { makes: group, script: forget === undefined ? script.text : sh`${script} &&\n${raw(forget)}` };
  });
}

function turnOf({ before, after }: RuleChange): readonly RuleTurn[] {
  if (before && after) return [];
  return [
    ...(before ? [{ rule: before, turn: "removed" } as const] : []),
    ...(after ? [{ rule: after, turn: "added" } as const] : []),
  ];
}

/** Our chains as they will be after `changes`. Undoing them restores the order that the chains have now. */
export function viewsAfter(changes: readonly RuleChange[], { detail }: RuleObserved): IptablesFacts {
  const views = new Map(detail.views);
  const rules = changes.filter((change) => stateOf(change)?.declares === undefined);
  for (const group of groupBy(rules, chainKey)) {
    const [state] = group.flatMap((change) => stateOf(change) ?? []);
    if (!state) continue;
    const view = views.get(chainKey(state)) ?? chainView([], []);
    const { gone, placed } = movesOf(group, view);
    const actual = view.actual.filter((key) => !gone.has(key));
    for (const { key, position } of placed) actual.splice(position === "end" ? actual.length : position - 1, 0, key);
    views.set(chainKey(state), chainView(actual, view.actual));
  }
  return { ...detail, views };
}

/** Our chains as they are, to be brought back to the order that they had before. */
export function viewsForUndo({ detail }: RuleObserved, before: RuleObserved): IptablesFacts {
  const views = [...detail.views].map(([name, view]) => {
    const old = before.detail.views.get(name);
    return [name, old === undefined ? view : chainView(view.actual, old.actual)] as const;
  });
  return { ...detail, views: new Map(views) };
}

function tableScript(changes: readonly RuleChange[], observed: RuleObserved): ShellCommand {
  const [first] = changes;
  const state = first && stateOf(first);
  const backend = state && observed.detail.backends.get(state.family);
  if (!state || !backend) return sh`false`;
  const jumps = changes.filter((change) => stateOf(change)?.declares !== undefined);
  const rules = changes.filter((change) => stateOf(change)?.declares === undefined);
  const lines = [
    ...jumps.flatMap((change) => declarationLines(change, observed)),
    ...groupBy(rules, chainKey).flatMap((group) => ruleLines(group, observed.detail.views)),
    ...jumps.flatMap((change) => jumpLines(change, observed)),
  ];
  return lines.length === 0 ? sh`:` : restoreScript(backend, [`*${state.table}`, ...lines, "COMMIT"]);
}

/**
 * Declaring an existing chain would empty it. The chain does not exist if it did not when the host was read, or if this
 * run has removed it together with its jump.
 */
function declarationLines({ key, before, after }: RuleChange, { states }: RuleObserved): readonly string[] {
  if (before || !after || (states.has(key) && states.get(key)?.place !== "as planned")) return [];
  return [`:${after.declares} - [0:0]`];
}

/**
 * A chain that is called from anywhere cannot be deleted, so each copy of our jump goes. There is more than one where somebody has
 * loaded saved rules over those in use (`iptables-restore --noflush`).
 */
function jumpLines({ before, after }: RuleChange, observed: RuleObserved): readonly string[] {
  const isIn = before?.place === "as planned";
  const isWanted = after?.place === "as planned";
  const removeChain = after ? [] : [`-F ${before?.declares}`, `-X ${before?.declares}`];
  return [
    ...(isIn && before && !isWanted
      ? Array<string>(copiesOf(before, observed)).fill(`-D ${before.chain} ${ruleLine(before.rule)}`)
      : []),
    ...(!isIn && after && isWanted ? [`-I ${after.chain} ${ruleLine(after.rule)}`] : []),
    ...removeChain,
  ];
}

/** How often a jump is in its chain: once if this run has made it. */
function copiesOf(jump: IptablesRuleState, { detail }: RuleObserved): number {
  const { family, table, chain } = jump;
  const rules = detail.backends.get(family)?.tables.get(table)?.rules.get(chain) ?? [];
  return Math.max(1, rules.filter((rule) => foundKey(jump, rule) === ruleKey(jump)).length);
}

/** The lines for one of our chains. A rule is never moved back out of order: it is just as good where it is. */
function ruleLines(changes: readonly RuleChange[], views: ReadonlyMap<string, ChainView>): readonly string[] {
  const [state] = changes.flatMap((change) => stateOf(change) ?? []);
  if (!state) return [];
  const view =
    views.get(chainKey(state)) ??
    chainView(
      [],
      changes.map(({ key }) => key),
    );
  const rules = new Map(changes.map((change) => [change.key, ruleLine(stateOf(change)?.rule ?? [])]));
  const { gone, placed } = movesOf(changes, view);
  return [
    ...[...gone].map((key) => `-D ${state.chain} ${rules.get(key)}`),
    ...placed.map(({ key, position }) =>
      position === "end" ? `-A ${state.chain} ${rules.get(key)}` : `-I ${state.chain} ${position} ${rules.get(key)}`,
    ),
  ];
}

function movesOf(changes: readonly RuleChange[], view: ChainView) {
  const removed = changes.filter(({ after }) => after === undefined);
  const moved = changes.filter(({ before, after }) => before && after?.place === "as planned");
  const added = changes.filter(({ before, after }) => !before && after);
  const gone: ReadonlySet<string> = new Set([...removed, ...moved].map(({ key }) => key));
  const back = [...moved, ...added].map(({ key }) => key);
  return { gone, placed: placeRules(view, gone, back) };
}

function stateOf({ before, after }: RuleChange): IptablesRuleState | undefined {
  return after ?? before;
}

function groupBy(
  changes: readonly RuleChange[],
  name: (state: IptablesRuleState) => string,
): readonly (readonly RuleChange[])[] {
  const groups = new Map<string, RuleChange[]>();
  for (const change of changes) {
    const state = stateOf(change);
    if (!state) continue;
    const group = groups.get(name(state));
    if (group) group.push(change);
    else groups.set(name(state), [change]);
  }
  return [...groups.values()];
}
