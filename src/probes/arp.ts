/** Finds out who answers for addresses that a host is about to get. */

import { answersIn } from "../lvs/arp-answers.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Probe } from "./probe.ts";

/**
 * `lvsctl_arp [DEVICE ADDRESS]…` asks by ARP, on Ethernet interfaces, who has the addresses that this host does not have.
 * The requests come from 0.0.0.0, as in duplicate address detection, so neighbours learn nothing from them. It prints
 * `arp DEVICE ADDRESS ANSWER`: arping's output or, without arping, the neighbour entry after a ping. For an address of this
 * host the answer is `own`, for an interface that is not Ethernet `unfit`. It takes one second per 32 addresses.
 * There are two programs called arping. For iputils' and BusyBox's, `-D` means duplicate address detection; for Thomas
 * Habets' it means one character per answer, and 0.0.0.0 is `-0`. Only his does not know `-f`: it prints its name and sends
 * nothing, so a host with iputils needs no second process to find out.
 */
const SCRIPT = `lvsctl_arp() (
set -f; h=$(ip -4 -o address show 2>/dev/null); i=0; q=
if command -v ping >/dev/null; then q=ping; elif busybox ping --help >/dev/null 2>&1; then q='busybox ping'; fi
ask() {
if command -v arping >/dev/null; then
r=$(arping -f -D -c 1 -w 1 -I "$1" "$2" 2>&1)
case $r in *Habets*) arping -0 -c 1 -w 1 -I "$1" "$2" ;; *) printf '%s\\n' "$r" ;; esac
elif busybox arping --help >/dev/null 2>&1; then busybox arping -D -c 1 -w 1 -I "$1" "$2"
elif [ -n "$q" ]; then $q -c 1 -W 1 -I "$1" "$2" >/dev/null; ip -4 neigh show to "$2" dev "$1"
else echo none
fi 2>&1
}
say() { d=$1 a=$2; set -- $(ask "$d" "$a"); printf 'arp %s %s %s\\n' "$d" "$a" "$*"; }
while [ $# -gt 1 ]; do
case $h in *" inet $2/"* | *" inet $2 "*) printf 'arp %s %s own\\n' "$1" "$2"; shift 2; continue ;; esac
if read -r t 2>/dev/null <"/sys/class/net/$1/type" && [ "$t" = 1 ]; then
say "$1" "$2" &
i=$((i + 1)); [ $((i % 32)) != 0 ] || wait
else printf 'arp %s %s unfit\\n' "$1" "$2"
fi
shift 2
done
wait
)`;

const DEVICE = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** The probe that asks neighbours. */
export const arpProbe: Probe = {
  program: "lvsctl_arp",
  script: SCRIPT,
  allows: (args) => args.length % 2 === 0 && args.every((word, index) => (index % 2 === 0 ? DEVICE : IPV4).test(word)),
};

/** The read command; addresses that the host already has cost no time. IPv4 only. */
export function readArp(asked: readonly { readonly device: string; readonly address: string }[]): ReadCommand {
  const words = asked.flatMap(({ device, address }) => [device, address]);
  return { name: "arp", argv: [arpProbe.program, ...words], script: SCRIPT, early: true };
}

/** What came of the questions, by address. */
export interface FoundNeighbours {
  /** The addresses that another machine answers for, each with its hardware address in lower case. */
  readonly answered: ReadonlyMap<string, string>;
  /** The addresses of which nobody could be asked, each with the reason. */
  readonly unasked: ReadonlyMap<string, string>;
}

/** Parses what the read printed about these addresses. */
export function parseArp(outputs: ReadOutputs, asked: readonly string[] = []): FoundNeighbours {
  const lines = (outputs.get("arp")?.stdout ?? "").matchAll(/^arp \S+ (\S+) ?(.*)$/gm);
  const texts = new Map([...lines].map(([, address = "", text = ""]) => [address, text]));
  const answered = new Map<string, string>();
  const unasked = new Map<string, string>();
  for (const address of new Set([...asked, ...texts.keys()])) {
    const text = texts.get(address);
    if (text === "own") continue;
    const macs = answersIn(text ?? "");
    if (macs === undefined) unasked.set(address, whyUnasked(text));
    else if (macs[0] !== undefined) answered.set(address, macs[0]);
  }
  return { answered, unasked };
}

function whyUnasked(text: string | undefined): string {
  switch (text) {
    case undefined:
      return "the question had no result";
    case "none":
      return "the host has neither arping nor ping";
    case "unfit":
      return "its interface is not there, or no Ethernet interface";
    case "":
      return "the host has no arping, and its ping could not ask";
    default:
      return `asking failed: ${text.slice(0, 200)}`;
  }
}
