/** What a command has cost in round trips. */

/** `Ran 5 remote commands on 5 hosts.`: each is one round trip, on a connection that is open. */
export function formatRemoteCommands(commands: number, hosts: number): string {
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
  return `Ran ${count(commands, "remote command")} on ${count(hosts, "host")}.\n`;
}
