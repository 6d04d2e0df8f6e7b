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
# The namespaces are opened first and their owner checked after that, so that a process id that has been given to
# somebody else can never lead into another network.
exec 8<"/proc/$pid/ns/pid" 9<"/proc/$pid/ns/net"
read -r stat <"/proc/$pid/stat" || gone
address=$1 port=$2
set -- ${stat##*) }
[ "${20}" = "$started" ] || gone
# In the lab's pid namespace it ends with the lab, instead of waiting forever for a host that is gone.
exec nsenter --pid=/proc/self/fd/8 --net=/proc/self/fd/9 busybox nc "$address" "$port"
