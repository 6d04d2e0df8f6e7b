/** Commands that messages about other topologies on the hosts of this one name. */
import type { FollowUp } from "../errors/follow-up.ts";
import { nextOf } from "../report/next-command.ts";
import type { HostOptions, Target } from "./host-options.ts";

/** As the user would type them: each host as ssh knows it, or as the lab does. */
export function nextOn(
  options: Pick<HostOptions, "given">,
  targets: readonly Pick<Target, "name" | "ssh">[],
): FollowUp {
  const next = nextOf(options);
  const places = new Map(targets.map(({ name, ssh }) => [name, ssh.destination]));
  return (command, other) =>
    next(command, other && { ...other, hosts: other.hosts.map((host) => places.get(host) ?? host) });
}
