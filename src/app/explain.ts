/** `lvsctl explain MODE|FILE [SERVICE]`: the packet's path and every step with its reason, from the playbooks. */

import { fileURLToPath } from "node:url";
import { compile } from "../compile/compile.ts";
import type { DesiredResource, DesiredState } from "../compile/desired-state.ts";
import { networkOf } from "../compile/network-of.ts";
import { nearest } from "../document/nearest.ts";
import { count } from "../errors/count.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { isNamed } from "../lvs/service-name.ts";
import { stages } from "../lvs/stage.ts";
import type { Language, Playbook, PlaybookSet, Text } from "../playbook/playbook.ts";
import { Playbooks } from "../playbook/playbooks.ts";
import type { ExplainedStep, Explanation } from "../report/explanation.ts";
import { kinds } from "../resources/kinds.ts";
import { loadTopology } from "../topology/load-topology.ts";
import type { Topology } from "../topology/topology.ts";
import { explainServices } from "./explain-service.ts";
import { topologyOf, treatmentsOf } from "./load.ts";
import { ownersLists } from "./owners-lists.ts";
import { servicesNamed } from "./services-named.ts";
import { readText } from "./text-of-file.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);

/**
 * Explains a playbook, given its name or file, or a topology file, or one service of it. Throws LVS-USAGE-001 if no
 * playbook or service has that name, LVS-CONFIG-000 or LVS-PLAYBOOK-000 with every problem of a file.
 */
export async function explain(what: string, language: Language, only?: string): Promise<Explanation> {
  if (!/[./]/.test(what)) return explainPlaybook(withoutServices(builtinNamed(what), only), language);
  const text = await readText(what);
  if (/^playbook:/m.test(text)) return explainPlaybook(withoutServices(loaded(text, what), only), language);
  const all = new Playbooks(kinds);
  const { topology, written } = topologyOf(text, what, all);
  const { playbooks, problems } = all.usedBy(topology);
  if (problems.length > 0) throw collected(what, problems);
  const services = only === undefined ? topology.services : servicesNamed(topology, only);
  const desired = compile(topology, playbooks, kinds, { language, written });
  const network = networkOf(topology, playbooks);
  const treatments = treatmentsOf(topology, playbooks);
  const lists = ownersLists(topology, desired, treatments, language, only);
  const unmanaged = only === undefined ? lists : lists.filter(({ needs }) => needs.length > 0);
  return {
    language,
    name: topology.name,
    title: what,
    services: explainServices({ topology, playbooks, network, language, written }, services),
    steps: stepsOf(desired, only),
    ...(unmanaged.length === 0 ? {} : { unmanaged }),
  };
}

/** Only topologies have services. */
function withoutServices(playbook: Playbook, service: string | undefined): Playbook {
  if (service === undefined) return playbook;
  throw new LvsctlError("LVS-USAGE-001", `The playbook ${playbook.name} has no service "${service}".`, {
    hint: `Leave it out, or name a topology file: lvsctl explain topology.yaml ${service}`,
  });
}

async function explainPlaybook(playbook: Playbook, language: Language): Promise<Explanation> {
  const say = (text: Text) => text[language] ?? text.en;
  const steps = playbook.steps.toSorted((one, other) => stages.indexOf(one.stage) - stages.indexOf(other.stage));
  return {
    language,
    name: playbook.name,
    title: say(playbook.title),
    summary: say(playbook.summary),
    services: playbook.example === undefined ? [] : await explainExample(playbook, playbook.example, language),
    steps: steps.map(({ stage, resource, id, written: { on, when }, why }) => ({
      stage,
      things: [{ host: on, what: `${resource} (${id})` }],
      ...(when === undefined ? {} : { when }),
      why: say(why),
    })),
  };
}

/** The packet's path under a mode, shown on an example topology whose first service gets that mode. */
async function explainExample(playbook: Playbook, example: string, language: Language) {
  const all = new Playbooks(kinds);
  const text = await readText(fileURLToPath(new URL(example, EXAMPLES)));
  const { topology, problems } = loadTopology(text, example, all);
  const [service] = topology?.services ?? [];
  if (topology === undefined || service === undefined) throw collected(example, problems);
  const own: Topology = { ...topology, services: [{ ...service, mode: playbook.name }] };
  const others = all.all().playbooks;
  const playbooks: PlaybookSet = {
    host: others.filter(({ kind }) => kind === "host"),
    modes: new Map([[playbook.name, playbook]]),
    features: others.filter(({ kind }) => kind === "feature"),
  };
  const network = networkOf(own, playbooks);
  return explainServices({ topology: own, playbooks, network, language }, own.services).map((one) => ({
    ...one,
    example: `examples/${example}`,
  }));
}

/**
 * Groups resources by their reason, because several hosts or services often need the same thing for the same reason.
 * `only`: one service's resources, without what hosts need by themselves.
 */
function stepsOf({ hosts }: DesiredState, only?: string): readonly ExplainedStep[] {
  const all = [...hosts].flatMap(([host, resources]) =>
    resources
      .filter(({ services }) => only === undefined || services.some((name) => isNamed(name, only)))
      .map((resource) => ({ host, resource })),
  );
  const groups = new Map<string, { stage: string; things: { host: string; what: string }[]; why: string }>();
  for (const { host, resource } of all.toSorted((one, other) => order(one.resource) - order(other.resource))) {
    const { stage, why, kind, state } = resource;
    const key = `${stage} ${why}`;
    const group = groups.get(key) ?? { stage, things: [], why };
    group.things.push({ host, what: kinds.get(kind)?.describe(state) ?? kind });
    groups.set(key, group);
  }
  return [...groups.values()];
}

function order({ stage }: DesiredResource): number {
  return stages.indexOf(stage);
}

function builtinNamed(name: string): Playbook {
  const { playbooks, problems } = new Playbooks(kinds).all();
  const found = playbooks.find((playbook) => playbook.name === name);
  if (found !== undefined) return found;
  if (problems.length > 0) throw collected("playbooks", problems);
  const names = playbooks.map((playbook) => playbook.name);
  const similar = nearest(name, names);
  throw new LvsctlError("LVS-USAGE-001", `There is no mode or feature "${name}".`, {
    hint: `${similar === undefined ? "" : `Did you mean "${similar}"? `}There are ${names.join(", ")}${name === "" ? "" : `; a file needs its ending: ${name}.yaml`}.`,
  });
}

function loaded(text: string, path: string): Playbook {
  const { playbook, problems } = new Playbooks(kinds).load(text, path);
  if (playbook === undefined) throw collected(path, problems);
  return playbook;
}

function collected(file: string, problems: readonly LvsctlError[]): LvsctlError {
  return new LvsctlError("LVS-PLAYBOOK-000", `${file}: ${count(problems.length, "problem")}.`, {
    problems,
  });
}
