/**
 * Hosts of a lab whose PID 1 is systemd. It is this machine's systemd, but what this machine's systemd would start besides is
 * hidden: the host's /etc/systemd is its own, and of what packages switch on, only what every system has is left. Pure.
 */
import { createHash } from "node:crypto";
import type { InitFiles } from "./init-files.ts";
import type { TreeEntry } from "./tree-entry.ts";

/** What packages have given this machine's systemd, as file names. */
export interface InstalledSystemd {
  /** Units that a target of /usr/lib/systemd/system wants. */
  readonly wanted: readonly string[];
  /** Programs that make units at boot. */
  readonly generators: readonly string[];
}

/** What a host starts of all that packages want started. */
const STARTED = [
  "dbus.service",
  "dbus.socket",
  "systemd-journald-dev-log.socket",
  "systemd-journald.service",
  "systemd-journald.socket",
  "systemd-modules-load.service",
  "systemd-sysctl.service",
  "systemd-tmpfiles-setup.service",
];

/** As Debian's, but with the lab's settings and log. */
const SSH_SERVICE = `[Unit]
Description=OpenBSD Secure Shell server
After=network.target

[Service]
ExecStart=/usr/sbin/sshd -D -r -E /run/sshd.log
RuntimeDirectory=sshd
RuntimeDirectoryMode=0755
KillMode=process
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;

/** A lab can be much slower than any machine. */
const SYSTEM_CONF = `[Manager]
DefaultTimeoutStartSec=20min
DefaultTimeoutStopSec=2min
`;

const JOURNALD_CONF = `[Journal]
Storage=volatile
RuntimeMaxUse=8M
`;

/** The files of hosts whose PID 1 this systemd is. */
export function systemdFiles({ wanted, generators }: InstalledSystemd): InitFiles {
  const units = "etc-systemd/system";
  const hidden = [...new Set(wanted)].filter((unit) => !STARTED.includes(unit)).sort();
  return {
    command: ["/lib/systemd/systemd", "--log-target=journal", "--show-status=no"],
    folders: {
      "etc-systemd": "/etc/systemd",
      "etc-sysctl.d": "/etc/sysctl.d",
      "etc-modules-load.d": "/etc/modules-load.d",
      "etc-tmpfiles.d": "/etc/tmpfiles.d",
    },
    files: (host) => [
      { path: "upper/etc/machine-id", content: `${createHash("sha256").update(host).digest("hex").slice(0, 32)}\n` },
      { path: "upper/etc/fstab", content: "" },
      { path: "etc-systemd/system.conf", content: SYSTEM_CONF },
      { path: "etc-systemd/journald.conf", content: JOURNALD_CONF },
      { path: `${units}/ssh.service`, content: SSH_SERVICE },
      { path: `${units}/multi-user.target.wants/ssh.service`, linkTo: "/etc/systemd/system/ssh.service" },
      { path: `${units}/default.target`, linkTo: "/lib/systemd/system/multi-user.target" },
      ...hidden.map((unit): TreeEntry => ({ path: `${units}/${unit}`, linkTo: "/dev/null" })),
      ...generators.map((name): TreeEntry => ({ path: `etc-systemd/system-generators/${name}`, linkTo: "/dev/null" })),
    ],
    mounts: [["cgroup2", "/sys/fs/cgroup", "cgroup2", "nosuid,nodev,noexec"]],
  };
}
