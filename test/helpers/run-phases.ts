/** How far the run on a host has come, as its own files show; and power that is cut in one of these phases. */
import type { LabUnderTest } from "./lab-under-test.ts";
import { awaitBoot, bootId, type Init, isStarted } from "./reboot.ts";

/** Before the host is armed; until it knows that the run is confirmed; until it has completed that; after that. */
export const phases = ["before", "stages", "confirmation", "over"] as const;

/** One of them. */
export type Phase = (typeof phases)[number];

/** How many seconds a run was in each phase. */
export type PhaseLengths = Readonly<Record<Phase, number>>;

/** When the power of a host is cut. */
export interface Moment {
  /** Its run has come at least here … */
  readonly aim: Phase;
  /** … and then so many seconds have passed. */
  readonly seconds: number;
}

/** A host's /root is not on its disk, and outlives a restart. */
const NOTES = "/root/phases";

/**
 * Follows the run on a host until it has come to a phase, or for longer than any run takes, and notes when each phase begins.
 * Given a folder of the disk, it waits for some seconds, notes the phase, and ends the file system at once, without writing
 * anything that is not yet on the disk: ioctl EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH. Source: kernel fs/ext4/ext4.h.
 */
const FOLLOW = `perl -e '
use Time::HiRes qw(sleep time);
my ($aim, $seconds, $disk) = @ARGV;
my @phases = qw(${phases.join(" ")});
my ($run, $phase, $how) = ("/var/lib/lvsctl/.transaction", 0, pack("L", 2));
sub look { -e "$run/id" ? 1 : -e "$run/confirmed" ? 2 : $phase && 3 }
open(my $notes, ">", "${NOTES}") || die $!;
sub note { syswrite($notes, "$phases[$phase] " . time . "\\n") }
note();
for (1 .. 30_000) {
  my $next = look();
  if ($next != $phase) { $phase = $next; note() }
  last if $phase >= $aim;
  sleep(0.02);
}
exit if !$disk;
sleep($seconds);
$phase = look();
note();
open(DISK, "<", $disk) && ioctl(DISK, 0x8004587d, $how) || die $!'`;

/** The folder of the init is one of its own on the disk. */
const FOLDER: Readonly<Record<Init, string>> = { systemd: "/etc/systemd", openrc: "/etc/init.d" };

/** Follows the next run on a host. Returns how to wait until it is over, and how long it was in each phase. */
export async function timePhases(lab: LabUnderTest, host: string): Promise<() => Promise<PhaseLengths>> {
  await lab.on(host, inBackground(`${FOLLOW} ${phases.indexOf("over")}`));
  return async () => {
    const notes = await lab.on(host, `until grep -q ^over ${NOTES}; do sleep 0.2; done\ncat ${NOTES}`);
    const lines = notes
      .trim()
      .split("\n")
      .map((line) => line.split(" "));
    const lengths = { before: 0, stages: 0, confirmation: 0, over: 0 };
    for (const [index, [phase, began]] of lines.entries())
      lengths[phase as Phase] = Number(lines[index + 1]?.[1] ?? began) - Number(began);
    return lengths;
  };
}

/**
 * Cuts the power of a host at a moment of its next run: its processes end at once, and what is not yet on its disk is lost. They
 * are stopped first: User Mode Linux panics if one is killed while it forks (seen with 6.12.113). Returns how to wait until the
 * host is back, and the phase that its run was in.
 */
export async function cutPower(
  init: Init,
  lab: LabUnderTest,
  host: string,
  { aim, seconds }: Moment,
): Promise<() => Promise<Phase>> {
  const boot = await bootId(lab, host);
  const cut = `${FOLLOW} ${phases.indexOf(aim)} ${seconds} ${FOLDER[init]} && { kill -STOP -1; busybox reboot -nf; }`;
  await lab.on(host, inBackground(cut)).catch(() => {}); // The session may end with the host.
  return async () => {
    await awaitBoot(lab, host, boot);
    await isStarted(init, lab, host);
    return (await lab.on(host, `sed -n '$s/ .*//p' ${NOTES}`)).trim() as Phase;
  };
}

/** Returns once it follows. */
function inBackground(script: string): string {
  return `rm -f ${NOTES}\n(${script}) </dev/null >/dev/null 2>&1 &\nuntil [ -s ${NOTES} ]; do sleep 0.1; done`;
}
