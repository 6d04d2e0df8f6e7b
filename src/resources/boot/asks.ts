/** What our unit for systemd is asked to bring back while the host runs, and by whom. */
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import { ASKED_FOLDER } from "../state-folder.ts";

/**
 * What an event may have deleted. `all`: nobody knows, as after a start of our unit. `rules`: of netfilter and the ARP filter.
 * `services`: virtual services and real servers. `network`: addresses and routes of every interface, or with `network:eth0` of one.
 */
export type Ask = "all" | "rules" | "services" | "network";

/** Exists from when this was asked until somebody begins to bring it back. */
export function askedMark(topology: string, ask: Ask): string {
  return `${ASKED_FOLDER}/${topology}:${ask}`;
}

/** Shell text for all of them that there are. */
export function askedMarks(topology: string): ShellCommand {
  return `${ASKED_FOLDER}/${topology}:*` as ShellCommand;
}

/** Shell text that asks, without `%` and `$` of its own. `device`: shell text for the interface that it is about. */
export function markAsked(topology: string, ask: Ask, device?: string): ShellCommand {
  const mark = device === undefined ? askedMark(topology, ask) : `"${askedMark(topology, ask)}:${device}"`;
  return `mkdir -m 700 -p ${ASKED_FOLDER} && touch ${mark}` as ShellCommand;
}

/** Shell functions by which a restore script knows what it is to bring back: `asked` holds the words. */
export function askedFunctions(topology: string): ShellCommand {
  const marks = askedMarks(topology);
  return sh`collect() { # what was asked for since; fails if it was nothing
asked=
for mark in ${raw(marks)}; do
[ -e "$mark" ] || continue
rm -f "$mark"
asked="$asked \${mark#*:}"
done
[ -n "$asked" ]
}
ask_again() { # for what has to wait; the folder is there where anybody asks
set -f
for word in $asked; do [ ! -d ${ASKED_FOLDER} ] || : >${ASKED_FOLDER}/${topology}:"$word"; done
set +f
}
asks() { case " $asked " in *" $1 "*) ;; *) return 1 ;; esac; }
concerns() { asks network || asks "network:$1"; } # addresses and routes of this interface
lacking() { [ -n "$lacks" ]; } # an address or a route
was_put() { case " $put " in *" $1 "*) ;; *) return 1 ;; esac; } # an address that was missing`;
}
