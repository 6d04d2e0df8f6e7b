/**
 * Things that go wrong on hosts of a lab. Each tool is a shell snippet for a host, so that a wrapped command can also run it
 * in the middle of a run; a host that is cut off heals itself through a process of its own. Only sshd's sessions can be
 * killed: the listening sshd is the host's PID 1, so it is made deaf instead.
 */
import { readFileSync } from "node:fs";
import type { LabUnderTest } from "./lab-under-test.ts";

/** Every host's interface towards the machine that runs the lab. */
const MANAGEMENT = "mgmt";

/** Distinguishes a command that hangs from other sleeping processes. */
const HANG = "sleep 3597";

/** Shell text that runs `script` detached from the session that starts it. */
export function detached(script: string): string {
  return `setsid sh -c ${quoted(script)} </dev/null >/dev/null 2>&1 &`;
}

const KILLED = "/run/sessions-killed";

/** Kills the sshd of every login, the caller's included, and goes on when that is done; the listening one stays. */
export const killSessions = `${detached(`for p in $(pgrep -x sshd); do [ $p = 1 ] || kill -9 $p; done; touch ${KILLED}`)}
until [ -e ${KILLED} ]; do sleep 0.1; done
rm ${KILLED}`;

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

/** As if sshd had died: for this time its sessions are gone and new connections are refused. */
export function stopLogins(time: number | string): string {
  const rule = `INPUT -i ${MANAGEMENT} -p tcp --dport 22 -j REJECT --reject-with tcp-reset`;
  return detached(
    `iptables -w -I ${rule}; for p in $(pgrep -x sshd); do [ $p = 1 ] || kill -9 $p; done; ${pause(time)}; iptables -w -D ${rule}`,
  );
}

function pause(time: number | string): string {
  return typeof time === "string" ? time : `sleep ${time}`;
}

/** Moves /var/lib, including lvsctl's files, to a file system of its own, of 1 MiB. */
export const smallDisk = `mkdir -p /var/lib/lvsctl
tar -C /var/lib -cf /run/small.tar lvsctl
mount -t tmpfs -o size=1m,mode=755 small /var/lib
tar -C /var/lib -xf /run/small.tar
rm /run/small.tar`;

/** Removes that file system; lvsctl's files stay. */
export const wholeDisk = `mkdir -p /var/lib/lvsctl
tar -C /var/lib -cf /run/small.tar lvsctl
umount -l /var/lib
rm -rf /var/lib/lvsctl
tar -C /var/lib -xf /run/small.tar
rm /run/small.tar
rmdir /var/lib/lvsctl 2>/dev/null || :`;

export const fillDisk = "dd if=/dev/zero of=/var/lib/fill bs=4k 2>/dev/null || :";
export const emptyDisk = "rm /var/lib/fill";
export const freezeDisk = "mount -o remount,ro /var/lib";
export const thawDisk = "mount -o remount,rw /var/lib";

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
