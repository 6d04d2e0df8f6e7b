/** Finds out which machines answer for an address, even one that this host has itself. */

import { answersIn } from "../lvs/arp-answers.ts";
import { addressFamily } from "../net/address.ts";
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Probe } from "./probe.ts";

/**
 * `lvsctl_holders [DEVICE ADDRESS]…` asks who has each address, on Ethernet interfaces, for two seconds. It prints `holders
 * DEVICE ADDRESS ANSWERS`. iputils' and BusyBox' arping stop at the first answer, Habets' shows all of them.
 *
 * IPv4: by arping, from 0.0.0.0, so that neighbours learn nothing and a host can ask about its own address: only others
 * answer then. Without arping, or for IPv6, it pings the address and prints the neighbour entry; a host that has the address
 * cannot ask so. A known entry would keep the kernel from asking, so it is flushed first, unless somebody has set it, or the
 * host is a router that is using it: another answer would lead traffic elsewhere. IPv6: each answer replaces the one before in
 * the entry; `ip monitor` tells of them all, BusyBox's ip of the last. IPv4: the entry names the first. `unasked` instead of
 * answers: this host cannot ask. See arp.ts for the two programs called arping.
 */
const SCRIPT = `lvsctl_holders() (
set -f; h=$(ip -o address show 2>/dev/null); i=0; p= q= w=
! cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null | grep -q '[12]' || w=1
if command -v ping >/dev/null; then q=ping; elif busybox ping --help >/dev/null 2>&1; then q='busybox ping'; fi
if command -v arping >/dev/null; then case $(arping --help 2>&1) in *Habets*) p='arping -0' ;; *) p='arping -D' ;; esac
elif busybox arping --help >/dev/null 2>&1; then p='busybox arping -D'; fi
pinged() {
case $w$(ip $f neigh show to "$2" dev "$1" 2>&1) in
*PERMANENT* | *NOARP* | *extern_learn* | *managed* | *offload*) ;;
1*REACHABLE* | 1*DELAY* | 1*PROBE*) ;;
*) ip $f neigh flush to "$2" dev "$1" >/dev/null 2>&1 ;;
esac
m=; [ $f = -4 ] || { ip $f monitor neigh dev "$1" 2>/dev/null & m=$!; sleep 1; }
$q $f -c 1 -W 1 -I "$1" "$2" >/dev/null 2>&1
[ -z "$m" ] || { sleep 1; kill "$m" 2>/dev/null; }
ip $f neigh show to "$2" dev "$1"
}
ask() {
case $2 in
*:*) f=-6 ;;
*) f=-4; [ -z "$p" ] || { $p -c 2 -w 2 -I "$1" "$2"; return; } ;;
esac 2>&1
case $h in *" $2/"* | *" $2 "*) echo unasked; return ;; esac
[ -n "$q" ] || { echo unasked; return; }
pinged "$1" "$2" 2>/dev/null | while read -r a r; do [ "$a" != "$2" ] || echo "$r"; done
}
say() { d=$1 a=$2; set -- $(ask "$d" "$a"); printf 'holders %s %s %s\\n' "$d" "$a" "$*"; }
while [ $# -gt 1 ]; do
if read -r t 2>/dev/null <"/sys/class/net/$1/type" && [ "$t" = 1 ]; then
say "$1" "$2" &
i=$((i + 1)); [ $((i % 32)) != 0 ] || wait
else printf 'holders %s %s unasked\\n' "$1" "$2"
fi
shift 2
done
wait
)`;

const DEVICE = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;

/** The probe that asks who has addresses. */
export const holdersProbe: Probe = {
  program: "lvsctl_holders",
  script: SCRIPT,
  allows: (args) =>
    args.length % 2 === 0 &&
    args.every((word, index) => (index % 2 === 0 ? DEVICE.test(word) : addressFamily(word) !== undefined)),
};

/** The read command. */
export function readHolders(asked: readonly { readonly device: string; readonly address: string }[]): ReadCommand {
  const words = asked.flatMap(({ device, address }) => [device, address]);
  return { name: "holders", argv: [holdersProbe.program, ...words], script: SCRIPT };
}

/**
 * The hardware addresses, in lower case, of the machines that answered for each address. Addresses that the host could not
 * ask about are missing.
 */
export function parseHolders(outputs: ReadOutputs): ReadonlyMap<string, readonly string[]> {
  const lines = (outputs.get("holders")?.stdout ?? "").matchAll(/^holders \S+ (\S+) ?(.*)$/gm);
  return new Map(
    [...lines].flatMap(([, address = "", text = ""]): readonly (readonly [string, readonly string[]])[] => {
      const macs = answersIn(text);
      return macs === undefined ? [] : [[address, macs]];
    }),
  );
}
