# ssh's ProxyCommand: standard input and output become a connection to ADDRESS PORT inside the lab.
# Usage: connect.sh ADDRESS PORT; the lab's directory is the folder of this script.
set -eu
directory=${0%/*}

gone() {
  echo "lvsctl-lab: the lab ${directory##*/} is not running" >&2
  exit 255
}

[ -s "$directory/pid" ] || gone
read -r pid started <"$directory/pid"
[ -e "/proc/$pid/ns/net" ] || gone
# The namespace is opened first and its owner checked after that, so that a process id that has been given to somebody
# else can never lead into another network.
exec 9<"/proc/$pid/ns/net"
read -r stat <"/proc/$pid/stat" || gone
address=$1 port=$2
set -- ${stat##*) }
[ "${20}" = "$started" ] || gone
exec nsenter --net=/proc/self/fd/9 busybox nc "$address" "$port"
