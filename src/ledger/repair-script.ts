/** The script that replaces a damaged ledger with a new one and keeps the damaged one beside it. Pure. */
import type { ResourceKind } from "../resources/resource.ts";
import { restorePath, STATE_ROOT, stateFolder, TRANSACTION_FOLDER } from "../resources/state-folder.ts";
import { lockFunction, nowFunction, rootsFunction, saveFunction } from "../shell/host-script-parts.ts";
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { formatLedger, type Ledger, ledgerPath } from "./ledger.ts";
import type { LedgerFile } from "./ledger-files.ts";

/** A damaged ledger, and what replaces it. */
export interface Repair {
  readonly damaged: Pick<LedgerFile, "topology" | "version">;
  /** If it has no entries, the file is removed. */
  readonly ledger: Ledger;
  /** The path under which the damaged ledger is kept. */
  readonly keptAs: string;
  /** The kinds of what the topology can have there. */
  readonly kinds: ReadonlyMap<string, ResourceKind>;
}

/**
 * Why nothing was done. `held`: a run is in progress there. `busy`: something has its lock. `changed`: the ledger has changed
 * since it was read. `no-lock`: there is no flock.
 */
export type RepairRefusal = "held" | "busy" | "changed" | "no-lock";

const WORD = "lvsctl-repair:";

/** Stands in the place of a restore script that was taken away, so that the boot and the next plan miss it. */
const UNWRITTEN = "# Others than root could have written this script. lvsctl apply writes it again.";

/** The path for the damaged ledger, beside the new one. `now`: ISO 8601. */
export function keptPath(topology: string, now: string): string {
  return `${ledgerPath(topology)}.damaged-${now.replaceAll(/[-:]|\.\d+/g, "")}`;
}

/** Where a repair puts what others than root have made in the topology's folder: root would run or believe some of it. */
export function othersPath(keptAs: string): string {
  return `${keptAs}.others`;
}

/** The script's text. `parseRepair` reads its output. A ledger always exists while it is replaced, unless it is removed. */
export function formatRepairScript({ damaged: { topology, version }, ledger, keptAs, kinds }: Repair): ShellCommand {
  const path = ledgerPath(topology);
  const folder = stateFolder(topology);
  const others = othersPath(keptAs);
  const draft = `${path}.new`;
  const given = [...kinds.values()].flatMap((kind) => kind.givesAway?.(topology) ?? []);
  const anyOfThem = given.flatMap((pattern) => ["-o", "-path", pattern]).slice(1);
  const without = given.length === 0 ? [] : ["-type", "d", "(", ...anyOfThem, ")", "-prune", "-o"];
  const replace =
    ledger.entries.length === 0
      ? sh`mv ${path} ${keptAs}`
      : sh`if [ -L ${path} ]; then mv ${path} ${keptAs}; else ln ${path} ${keptAs}; fi
rm -f ${draft}
printf %s ${formatLedger(ledger)} >${draft}
save ${draft}
mv -f ${draft} ${path}`;
  return sh`umask 077
${raw(nowFunction)}
${raw(lockFunction)}
${raw(saveFunction)}
${raw(rootsFunction)}
theirs() { # whether anything in there is another user's that we have not given away
found=$(find "$1" ${raw(command(...without))} ! -user 0 -print) || exit 1
[ -n "$found" ]
}
aside() { # path name
mkdir -p ${others}
mv "$1" ${others}/"$2"
}
can_lock || { echo ${WORD} no-lock; exit 1; }
lock 10 || { [ $? = 2 ] || echo ${WORD} busy; exit 1; }
trap unlock EXIT
if [ -e ${`${TRANSACTION_FOLDER}/id`} ] || [ -e ${`${TRANSACTION_FOLDER}/confirmed`} ]; then
theirs ${TRANSACTION_FOLDER} || { echo ${WORD} held; exit 1; }
fi
[ "$(stat -c %i:%s:%Y ${path})" = ${version} ] || { echo ${WORD} changed; exit 1; }
set -e
[ ! -e ${keptAs} ]
[ ! -e ${others} ]
chown 0 ${STATE_ROOT} ${folder}
chmod go-w ${STATE_ROOT} ${folder}
if [ -e ${TRANSACTION_FOLDER} ] && theirs ${TRANSACTION_FOLDER}; then aside ${TRANSACTION_FOLDER} transaction; fi
for entry in ${raw(command(folder))}/* ${raw(command(folder))}/.[!.]*; do
case $entry in ${raw(command(path))} | ${raw(command(path))}.damaged-*) continue ;; esac
[ -e "$entry" ] || [ -L "$entry" ] || continue
if [ "$entry" = ${restorePath(topology)} ] && ! is_roots "$entry" || theirs "$entry"; then aside "$entry" "\${entry##*/}"; fi
done
find ${folder} -type d -exec chmod go-w {} +
[ ! -e ${`${others}/restore.sh`} ] || echo ${UNWRITTEN} >${restorePath(topology)}
${raw(replace)}
save ${folder}
echo ${WORD} done
`;
}

/** What the script printed; undefined if it did not run to its end. */
export function parseRepair(stdout: string): "done" | RepairRefusal | undefined {
  const word = new RegExp(`^${WORD} (done|held|busy|changed|no-lock)$`, "m").exec(stdout)?.[1];
  return word as "done" | RepairRefusal | undefined;
}
