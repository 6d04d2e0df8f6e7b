/** What the hosts see of their segments: who holds the VIPs, and whether the hosts are there that lvsctl does not log in to. */
import type { Network } from "../network/network.ts";
import type { Topology } from "../topology/topology.ts";
import { judgeHolders, questionsOf } from "../verify/holders.ts";
import { judgeNeighbours, neighbourQuestions } from "../verify/neighbours.ts";
import type { Check } from "../verify/verification.ts";
import { askHolders, hardwareOf } from "./holders.ts";
import type { Sessions } from "./sessions.ts";

/** Asks with one exec for each host that asks, and judges the answers. */
export async function lookAtSegments(
  topology: Topology,
  network: Network,
  sessions: Sessions,
): Promise<{ readonly checks: readonly Check[]; readonly notes: readonly string[] }> {
  const available = new Set(sessions.byHost.keys());
  const questions = questionsOf(topology, network, available);
  const neighbours = neighbourQuestions(topology, available);
  const answers = await askHolders(sessions, [
    ...questions.flatMap(({ vip, asker }) => (asker ? [{ ...asker, address: vip }] : [])),
    ...neighbours.flatMap(({ address, asker }) => (asker ? [{ ...asker, address }] : [])),
  ]);
  const managed = hardwareOf(sessions);
  const met = judgeNeighbours(neighbours, answers, managed);
  const held = judgeHolders(questions, answers, new Map([...managed, ...met.hardware]));
  return { checks: [...met.checks, ...held.checks], notes: [...met.notes, ...held.notes] };
}
