/** The script that replaces a damaged ledger with a new one and keeps the damaged one beside it. Pure. */
import { STATE_ROOT, stateFolder, TRANSACTION_FOLDER } from "../resources/state-folder.ts";
import { lockFunction, nowFunction, saveFunction } from "../shell/host-script-parts.ts";
import { raw, type ShellCommand, sh } from "../shell/quote.ts";
import { formatLedger, type Ledger, ledgerPath } from "./ledger.ts";
import type { LedgerFile } from "./ledger-files.ts";

/** A damaged ledger, and what replaces it. */
export interface Repair {
  readonly damaged: Pick<LedgerFile, "topology" | "version">;
  /** If it has no entries, the file is removed. */
  readonly ledger: Ledger;
  /** The path under which the damaged ledger is kept. */
  readonly keptAs: string;
}

/**
 * Why nothing was done. `held`: a run is in progress there. `busy`: something has its lock. `changed`: the ledger has changed
 * since it was read. `no-lock`: there is no flock.
 */
export type RepairRefusal = "held" | "busy" | "changed" | "no-lock";

const WORD = "lvsctl-repair:";

/** The path for the damaged ledger, beside the new one. `now`: ISO 8601. */
export function keptPath(topology: string, now: string): string {
  return `${ledgerPath(topology)}.damaged-${now.replaceAll(/[-:]|\.\d+/g, "")}`;
}

/** The script's text. `parseRepair` reads its output. A ledger always exists while it is replaced, unless it is removed. */
export function formatRepairScript({ damaged: { topology, version }, ledger, keptAs }: Repair): ShellCommand {
  const path = ledgerPath(topology);
  const draft = `${path}.new`;
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
can_lock || { echo ${WORD} no-lock; exit 1; }
lock 10 || { echo ${WORD} busy; exit 1; }
if [ -e ${`${TRANSACTION_FOLDER}/id`} ] || [ -e ${`${TRANSACTION_FOLDER}/confirmed`} ]; then echo ${WORD} held; exit 1; fi
[ "$(stat -c %i:%s:%Y ${path})" = ${version} ] || { echo ${WORD} changed; exit 1; }
set -e
chown 0 ${STATE_ROOT} ${stateFolder(topology)}
chmod go-w ${STATE_ROOT} ${stateFolder(topology)}
[ ! -e ${keptAs} ]
${raw(replace)}
save ${stateFolder(topology)}
echo ${WORD} done
`;
}

/** What the script printed; undefined if it did not run to its end. */
export function parseRepair(stdout: string): "done" | RepairRefusal | undefined {
  const word = new RegExp(`^${WORD} (done|held|busy|changed|no-lock)$`, "m").exec(stdout)?.[1];
  return word as "done" | RepairRefusal | undefined;
}
