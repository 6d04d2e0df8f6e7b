import type { Host } from "./topology.ts";

/** ssh's own default, which ssh_config can change: a plan sees the real port, and refuses what would take it. */
const SSH_PORT = 22;

/** The port by which lvsctl logs in to a host, where its sshd listens. */
export function loginPort({ ssh }: Pick<Host, "ssh">): number {
  return ssh.port ?? SSH_PORT;
}
