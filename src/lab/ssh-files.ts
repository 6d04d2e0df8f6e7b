/** A lab's ssh_config and known_hosts, for OpenSSH and lvsctl. Pure. */
import { join } from "node:path";
import { type LabHost, labFile } from "./lab-state.ts";

/** The hosts of a lab share a processor, so one of many answers late. After three of these intervals it is taken for dead. */
const ALIVE_INTERVAL = { leastSeconds: 10, secondsPerHost: 1.5 };

/** The ssh_config of the lab that lives in `directory`. Source: ssh_config(5). */
export function formatSshConfig(directory: string, hosts: readonly LabHost[]): string {
  const common = [
    "User root",
    "Port 22",
    `IdentityFile ${join(directory, labFile.identity)}`,
    "IdentitiesOnly yes",
    "IdentityAgent none",
    `UserKnownHostsFile ${join(directory, labFile.knownHosts)}`,
    "GlobalKnownHostsFile /dev/null",
    "StrictHostKeyChecking yes",
    "UpdateHostKeys no",
    "PreferredAuthentications publickey",
    "ConnectTimeout 60",
    `ServerAliveInterval ${Math.ceil(Math.max(ALIVE_INTERVAL.leastSeconds, hosts.length * ALIVE_INTERVAL.secondsPerHost))}`,
    `ProxyCommand /bin/sh ${join(directory, "connect.sh")} %h %p`,
  ];
  const each = hosts.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n`);
  return [...each, `Host ${hosts.map(({ name }) => name).join(" ")}\n`, ...common.map((line) => `  ${line}\n`)].join(
    "",
  );
}

/** known_hosts with each host under its name and its address. `publicKeys` are in the hosts' order. */
export function formatKnownHosts(hosts: readonly LabHost[], publicKeys: readonly string[]): string {
  return hosts
    .map(({ name, address }, index) => {
      const [type, key] = (publicKeys[index] ?? "").split(" ");
      return `${name},${address} ${type} ${key}\n`;
    })
    .join("");
}
