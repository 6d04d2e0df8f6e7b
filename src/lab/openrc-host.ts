/**
 * Hosts of a lab whose PID 1 is OpenRC's. Their services are the lab's own: no script of this machine's /etc/init.d is seen.
 * Pure. Source: openrc-init(8), openrc-run(8), runlevel(8).
 */
import type { InitFiles } from "./init-files.ts";
import type { TreeEntry } from "./tree-entry.ts";

const RC_CONF = `# In a container, OpenRC leaves out what only a machine needs.
rc_sys="lxc"
rc_cgroup_mode="none"
rc_controller_cgroups="NO"
`;

/** Each service with its runlevel. The network and the file systems are there before OpenRC starts. */
const SERVICES: Readonly<Record<string, readonly [runlevel: string, script: string]>> = {
  localmount: ["boot", "start() { :; }"],
  network: ["boot", "depend() { provide net; }\nstart() { :; }"],
  sshd: [
    "default",
    `command=/usr/sbin/sshd
command_args="-D -r -E /run/sshd.log"
command_background=yes
pidfile=/run/sshd.pid
depend() { need localmount net; }
start_pre() { mkdir -p /run/sshd; }`,
  ],
};

/** `layer`: the folder with OpenRC's own files. */
export function openrcFiles(layer: string): InitFiles {
  return {
    command: ["/sbin/openrc-init"],
    folders: { "etc-init.d": "/etc/init.d", "etc-runlevels": "/etc/runlevels", "etc-conf.d": "/etc/conf.d" },
    files: () => [
      { path: "upper/etc/rc.conf", content: RC_CONF },
      ...["sysinit", "boot", "default", "shutdown"].map(
        (path): TreeEntry => ({ path: `etc-runlevels/${path}`, folder: true }),
      ),
      ...Object.entries(SERVICES).flatMap(([name, [runlevel, script]]): readonly TreeEntry[] => [
        { path: `etc-init.d/${name}`, content: `#!/sbin/openrc-run\n${script}\n`, mode: 0o755 },
        { path: `etc-runlevels/${runlevel}/${name}`, linkTo: `/etc/init.d/${name}` },
      ]),
    ],
    mounts: [],
    layer,
  };
}
