/**
 * Things that go wrong on hosts of a lab. Each tool is a shell snippet for a host, so that a wrapped command can also run it
 * in the middle of a run; a host that is cut off heals itself through a process of its own. Without an init only sshd's
 * sessions can be killed: the listening sshd is the host's PID 1, so it is made deaf instead.
 */
import { readFileSync } from "node:fs";
import type { LabUnderTest } from "./lab-under-test.ts";
import type { Init } from "./reboot.ts";

/** Every host's interface towards the machine that runs the lab. */
const MANAGEMENT = "mgmt";

/** Distinguishes a command that hangs from other sleeping processes. */
const HANG = "sleep 3597";

/** Shell text that runs `script` detached from the session that starts it. */
export function detached(script: string): string {
  return `setsid sh -c ${quoted(script)} </dev/null >/dev/null 2>&1 &`;
}

const KILLED = "/run/sessions-killed";

/** The one that listens is the oldest. */
const KILL_SESSIONS = "for p in $(pgrep -x sshd); do [ $p = $(pgrep -xo sshd) ] || kill -9 $p; done";

/** Kills the sshd of every login, the caller's included, and goes on when that is done; the listening one stays. */
export const killSessions = killedBy(KILL_SESSIONS);

/** Kills every sshd, the one that listens included. */
export const killSshd = killedBy("pkill -9 -x sshd");

function killedBy(script: string): string {
  return `${detached(`${script}; touch ${KILLED}`)}
until [ -e ${KILLED} ]; do sleep 0.1; done
rm ${KILLED}`;
}

/** Shell text that ends when the host has rolled its run back by itself, however slow it is. */
export const UNTIL_ROLLED_BACK = "while [ -e /var/lib/lvsctl/.transaction ]; do sleep 1; done";

/** Blocks all traffic over the management link, in both directions, for this many seconds or while shell text runs. */
export function cutManagement(time: number | string, by: "netem" | "iptables"): string {
  const [cut, heal] =
    by === "netem"
      ? [`tc qdisc add dev ${MANAGEMENT} root netem loss 100%`, `tc qdisc del dev ${MANAGEMENT} root`]
      : [`iptables -w -I INPUT -i ${MANAGEMENT} -j DROP`, `iptables -w -D INPUT -i ${MANAGEMENT} -j DROP`];
  return `modprobe -q sch_netem || :\n${detached(`${cut}; ${pause(time)}; ${heal}`)}`;
}

/** How sshd is stopped and started again on hosts with an init. */
const SSHD: Readonly<Record<Init, (verb: string) => string>> = {
  systemd: (verb) => `systemctl ${verb} ssh`,
  openrc: (verb) => `rc-service -q sshd ${verb}`,
};

/**
 * For this time sshd and its sessions are gone, and new connections are refused. Without an init, sshd goes on, and a rule
 * refuses them.
 */
export function stopLogins(time: number | string, init?: Init): string {
  if (init !== undefined) {
    const control = SSHD[init];
    return detached(`${control("stop")}; pkill -9 -x sshd; ${pause(time)}; ${control("start")}`);
  }
  const rule = `INPUT -i ${MANAGEMENT} -p tcp --dport 22 -j REJECT --reject-with tcp-reset`;
  return detached(`iptables -w -I ${rule}; ${KILL_SESSIONS}; ${pause(time)}; iptables -w -D ${rule}`);
}

function pause(time: number | string): string {
  return typeof time === "string" ? time : `sleep ${time}`;
}

/** A host's disk, and what can happen to it. */
export interface HostDisk {
  /** What is spoiled. */
  readonly name: string;
  /** Before anything happens to it, and when all is over. */
  readonly small: string;
  readonly whole: string;
  readonly fill: string;
  readonly empty: string;
  readonly freeze: string;
  readonly thaw: string;
}

/** Moves /var/lib, including lvsctl's files, to a file system of its own, of 1 MiB. */
const smallDisk = `mkdir -p /var/lib/lvsctl
tar -C /var/lib -cf /run/small.tar lvsctl
mount -t tmpfs -o size=1m,mode=755 small /var/lib
tar -C /var/lib -xf /run/small.tar
rm /run/small.tar`;

/** Removes that file system; lvsctl's files stay. */
const wholeDisk = `mkdir -p /var/lib/lvsctl
tar -C /var/lib -cf /run/small.tar lvsctl
umount -l /var/lib
rm -rf /var/lib/lvsctl
tar -C /var/lib -xf /run/small.tar
rm /run/small.tar
rmdir /var/lib/lvsctl 2>/dev/null || :`;

/** Fills a file system to its last block. */
const filled = (file: string) => `dd if=/dev/zero of=${file} bs=4k 2>/dev/null || :`;

/** Hosts without an init have no disk: theirs is a small one for /var/lib. */
const VAR_LIB: HostDisk = {
  name: "/var/lib",
  small: smallDisk,
  whole: wholeDisk,
  fill: filled("/var/lib/fill"),
  empty: "rm /var/lib/fill",
  freeze: "mount -o remount,ro /var/lib",
  thaw: "mount -o remount,rw /var/lib",
};

/**
 * Puts /etc and /var, and what a host has mounted from its disk, over themselves, read-only: the disk itself cannot become so
 * while anybody writes to it.
 */
const FREEZE = `{ printf '%s\\n' /etc /var; findmnt -nro TARGET -t ext4 | grep -vx /; } | sort >/root/frozen
while read -r where; do mount --rbind "$where" "$where"; mount -o remount,bind,ro "$where"; done </root/frozen`;

const THAW = 'tac /root/frozen | while read -r where; do umount -l "$where"; done; rm /root/frozen';

/** The disk of hosts with an init, an ext4 file system. */
const WHOLE_DISK: HostDisk = {
  name: "the disk",
  small: ":",
  whole: ":",
  fill: `${filled("/var/fill")}; sync /var/fill; ${filled("/etc/fill")}`,
  empty: "rm -f /var/fill /etc/fill",
  freeze: FREEZE,
  thaw: THAW,
};

/** The disk of hosts with this init. */
export function diskOf(init: Init | undefined): HostDisk {
  return init === undefined ? VAR_LIB : WHOLE_DISK;
}

/** What lvsctl has in /run. */
const OURS_IN_RUN = "lvsctl lvsctl.lock lvsctl-asked";

/**
 * Puts a file system of 20 MiB over /run, so that it can be filled: a host's own is one with those of all hosts. What is there
 * is mounted into it, but for what lvsctl has there, and for the units that systemd writes there: these are copied. systemd
 * refuses to reload where less than 16 MiB are free.
 */
export const smallRun = `mkdir /root/run
mount --rbind /run /root/run
mount --make-rprivate /root/run
mount -t tmpfs -o size=20m,mode=755 small /run
over() { # folder, names of what is copied, and of what is left out
for entry in "/root/run$1"/*; do
name=\${entry##*/}
case " $3 " in *" $name "*) continue ;; esac
case " $2 " in *" $name "*) cp -a "$entry" "/run$1/"; continue ;; esac
if [ -d "$entry" ]; then mkdir -p "/run$1/$name"; else : >"/run$1/$name"; fi
mount --rbind "$entry" "/run$1/$name"
done
}
over "" "${OURS_IN_RUN}" systemd
if [ -d /root/run/systemd ]; then
mkdir /run/systemd
over /systemd transient ""
fi`;

/** Removes that file system; what lvsctl and systemd have there stays. */
export const wholeRun = `for name in ${OURS_IN_RUN} systemd/transient; do
rm -rf "/root/run/$name"
[ ! -e "/run/$name" ] || cp -a "/run/$name" "/root/run/$name"
done
umount -l /run
umount -l /root/run
rmdir /root/run`;

export const fillRun = filled("/run/fill");
export const emptyRun = "rm /run/fill";

/** What a wrapped command does instead of its work, before it, or after it. */
export type Misbehaviour = "fail" | "hang" | "garbage" | { readonly before: string } | { readonly after: string };

/**
 * Replaces a program of a host whenever its arguments contain `words`, in every script that lvsctl runs; `unwrap` undoes it.
 */
export function wrap(program: string, words: string, how: Misbehaviour): string {
  const real = `"$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v ${program})"`;
  const acts = {
    fail: "echo 'out of order' >&2; exit 1",
    hang: `exec ${HANG}`,
    garbage: "head -c 3000 /dev/urandom; head -c 3000 /dev/urandom >&2; exit 0",
  };
  const act =
    typeof how === "string" ? acts[how] : "before" in how ? how.before : `${real} "$@"; s=$?\n${how.after}\nexit $s`;
  const text = `#!/bin/sh\ncase "$*" in *${quoted(words)}*)\n${act}\n;; esac\nexec ${real} "$@"\n`;
  return `printf %s ${quoted(text)} >/usr/local/sbin/${program}\nchmod 0755 /usr/local/sbin/${program}`;
}

export function unwrap(program: string): string {
  return `rm -f /usr/local/sbin/${program}; pkill -xf ${quoted(HANG)} || :`;
}

/**
 * Moves the clock. The hosts of a lab share one kernel and so one clock, so it moves on all of them. Not for the native
 * engine, where the clock is this machine's.
 */
export async function jumpClocks(lab: LabUnderTest, seconds: number): Promise<void> {
  const { engine, hosts } = JSON.parse(readFileSync(`/run/lvsctl-lab/${lab.name}/lab.json`, "utf8"));
  if (engine === "native") throw new Error("the clock of the engine native is this machine's");
  await lab.on(hosts[0].name, `date -s "@$(($(date +%s) + ${seconds}))" >/dev/null`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
