/** Requests from the machine that lvsctl runs on, which may have no way to the services. */
import type { Traffic } from "./traffic.ts";
import type { Cause } from "./verification.ts";

/** The name of that machine in `Traffic.from`. */
export const HERE = "this machine";

/** The cause that suggests itself if requests from here were sent, and none of them was answered. */
export function sentFromHereCauses(traffic: readonly Traffic[]): readonly Cause[] {
  const answers = traffic
    .filter(({ from }) => from === HERE)
    .flatMap((one) => one.answers.filter(({ isOwed }) => isOwed));
  if (answers.length === 0 || answers.some(({ answered }) => answered > 0)) return [];
  const targets = [...new Set(answers.map(({ target }) => target))];
  const more = targets.length > 1 ? ` and ${targets.length - 1} more` : "";
  return [
    {
      host: HERE,
      message: `it may have no route to ${targets[0]}${more}`,
      why: "Requests are sent from here if the topology has no client, or with --from local. Give this machine a route to the VIP, or add a host with the role client: lvsctl then sends the requests from there.",
    },
  ];
}
