/** What a command has cost in round trips. */
import { count } from "../errors/count.ts";

/** `Ran 5 remote commands on 5 hosts.`: each is one round trip, on a connection that is open. */
export function formatRemoteCommands(commands: number, hosts: number): string {
  return `Ran ${count(commands, "remote command")} on ${count(hosts, "host")}.\n`;
}
