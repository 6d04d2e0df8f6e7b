/**
 * Shell functions that a read script brings along for what no single command can read. They are named like commands in
 * a ReadCommand; the guard lets them through with the arguments that it knows. None of them changes anything.
 */

/**
 * `lvsctl_login [name…]` prints
 * - `login CLIENT PORT ADDRESS PORT`, the ends of the SSH connection that this very script came by, and `reply …`, the route
 *   that answers to it take. sshd tells its children; sudo drops that, so the parents are asked. Nothing where we did not
 *   come by SSH.
 * - `hardware DEVICE MAC` for every interface.
 * - `process PID NAME` for every process in this network namespace whose own name begins with one of the given NAMEs.
 */
const LOGIN = `lvsctl_login() (
set -f; c=$SSH_CONNECTION; p=$PPID
while [ -z "$c" ] && [ "$p" -gt 1 ] && read -r s 2>/dev/null <"/proc/$p/stat"; do
c=$(tr '\\0' '\\n' 2>/dev/null <"/proc/$p/environ" | sed -n 's/^SSH_CONNECTION=//p')
s=\${s##*) }; s=\${s#? }; p=\${s%% *}
done
ends() {
[ $# = 4 ] && printf 'login %s\\n' "$*" || return
case $1 in *%*) f="oif \${1#*%}" ;; *) f="from $3" ;; esac
printf 'reply %s\\n' "$(ip route get "\${1%%%*}" $f 2>/dev/null)"
}
ends $c
set +f
for f in /sys/class/net/*/address; do
read -r m 2>/dev/null <"$f" && d=\${f%/address} && printf 'hardware %s %s\\n' "\${d##*/}" "$m"
done
[ $# = 0 ] && return
for f in /proc/[0-9]*/comm; do
read -r n 2>/dev/null <"$f" || continue
for w; do case $n in "$w"*)
p=\${f#/proc/}; p=\${p%/comm}; [ "/proc/$p/ns/net" -ef /proc/$$/ns/net ] && printf 'process %s %s\\n' "$p" "$w" ;;
esac; done; done
)`;

/**
 * `lvsctl_arp [DEVICE ADDRESS]…` asks by ARP who has the addresses that this host has not, on Ethernet interfaces. The
 * requests come from 0.0.0.0, as in duplicate address detection, so that no neighbour learns anything from them. It prints
 * `arp DEVICE ADDRESS ANSWER`: what arping said, or, without arping, the neighbour entry after a ping. It takes a second
 * for every 32 addresses.
 * There are two programs called arping. To iputils' and BusyBox', `-D` means duplicate address detection; to Thomas
 * Habets', it means one character for each answer, and 0.0.0.0 is `-0`. Only his does not know `-f`: it says who it is
 * and sends nothing, so a host with iputils needs no second process to find out.
 */
const ARP = `lvsctl_arp() (
set -f; h=$(ip -4 -o address show 2>/dev/null); i=0
ask() {
if command -v arping >/dev/null; then
r=$(arping -f -D -c 1 -w 1 -I "$1" "$2" 2>&1)
case $r in *Habets*) arping -0 -c 1 -w 1 -I "$1" "$2" ;; *) printf '%s\\n' "$r" ;; esac
elif busybox arping --help >/dev/null 2>&1; then busybox arping -D -c 1 -w 1 -I "$1" "$2"
else ping -c 1 -W 1 -I "$1" "$2" >/dev/null; ip -4 neigh show to "$2" dev "$1"
fi 2>&1
}
say() { d=$1 a=$2; set -- $(ask "$d" "$a"); printf 'arp %s %s %s\\n' "$d" "$a" "$*"; }
while [ $# -gt 1 ]; do
case $h in *" inet $2/"* | *" inet $2 "*) shift 2; continue ;; esac
if read -r t 2>/dev/null <"/sys/class/net/$1/type" && [ "$t" = 1 ]; then
say "$1" "$2" &
i=$((i + 1)); [ $((i % 32)) != 0 ] || wait
fi
shift 2
done
wait
)`;

/** By the names under which commands call them. */
export const readFunctions: ReadonlyMap<string, string> = new Map([
  ["lvsctl_login", LOGIN],
  ["lvsctl_arp", ARP],
]);
