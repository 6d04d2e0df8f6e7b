import type { CommandFamily } from "../command.ts";
import { down } from "./lab/down.ts";
import { list } from "./lab/list.ts";
import { run } from "./lab/run.ts";
import { ssh } from "./lab/ssh.ts";
import { status } from "./lab/status.ts";
import { up } from "./lab/up.ts";

/** `lvsctl lab up|down|list|status|ssh|run`: the hosts of a topology on this machine. */
export const lab: CommandFamily = {
  name: "lab",
  summary: "create the hosts of a topology on this machine, for learning and testing",
  commands: [up, down, list, status, ssh, run],
  details: [
    "A lab creates every host of a topology on this machine: network namespaces, each with its own root file system and sshd, connected as in the topology, and without any LVS setup. If this kernel has no IPVS, User-Mode Linux provides one that has, as an ordinary process. With --engine qemu the hosts run on the distribution's own kernel in a virtual machine: slower, but with nf_tables behind iptables. If /boot has no suitable kernel, one is downloaded once, to /var/cache/lvsctl/kernels, and not installed. With --init every host has systemd or OpenRC as PID 1, with its own services, and can be restarted like a machine; OpenRC is downloaded once, to /var/cache/lvsctl/openrc. With --packages they have further programs, such as firewalld or ufw. All traffic of a lab stays on this machine. It needs root.",
  ],
  examples: [
    ["sudo lvsctl lab up examples/dr.yaml"],
    ["sudo lvsctl apply --lab examples/dr.yaml", "--lab works with every command that has hosts"],
    ["sudo lvsctl lab ssh examples/dr.yaml dr ipvsadm -Ln"],
    ["sudo lvsctl lab list"],
    ["sudo lvsctl lab up --recreate examples/dr.yaml", "after an edit of its hosts"],
    ["sudo lvsctl lab down --all"],
    ["sudo lvsctl lab down examples/dr.yaml"],
    ["sudo lvsctl lab up --engine qemu examples/dr.yaml"],
    ["sudo lvsctl lab up --init systemd examples/dr.yaml"],
    ["sudo lvsctl lab up --init systemd --engine qemu --packages firewalld examples/dr.yaml"],
    ["sudo lvsctl lab run examples/dr.yaml -- lvsctl apply --yes --lab examples/dr.yaml"],
  ],
};
