# Makes the hosts of a lab, and then looks after them: PID 1 of an engine's own kernel, or of the engine native's namespaces.
# Usage: build.sh ENGINE DIRECTORY. One command does as much as it can, because a fork costs 20-80 ms under User-Mode Linux.
set -eu
engine=$1 directory=$2
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

say() { echo "lvsctl-lab: $*"; }

fail() {
  say "failed $*"
  exit 1
}

# /proc/PID/net/tcp shows whether a host listens on port 22, without a connection to its sshd.
listens() {
  while read -r _ local _ state _; do
    case $local-$state in *:0016-0A) return 0 ;; esac
  done <"/proc/$1/net/tcp"
  return 1
}

await() {
  pid=
  until { read -r pid <"hosts/$1/pid" && listens "$pid"; } 2>/dev/null; do
    kill -0 "$2" 2>/dev/null || fail "host $1"
    sleep 0.1
  done
  say "ready $1"
}

# Keeps a host. reboot(2) in its process namespace ends all of its processes with SIGHUP. Then the host is started again,
# with the same disk and a new network, as after a power cycle. If it ends in any other way, it stays off.
keep() {
  while :; do
    read -r boot </proc/sys/kernel/random/uuid
    echo "$boot" >"hosts/$1/boot_id"
    [ ! -e "hosts/$1/disk.img" ] || sh ./disk.sh "$1" "${2-}" || break
    (
      cgroup=
      if [ -e "hosts/$1/init" ]; then
        cgroup=--cgroup
        mkdir "cgroup/$boot"
        echo 0 >"cgroup/$boot/cgroup.procs" # 0 is the process that writes.
      fi
      exec nsenter --net="/run/netns/$1" unshare --mount --pid --uts --ipc $cgroup --fork sh ./host.sh "$1" "${2-}"
    ) &
    echo $! >"hosts/$1/pid"
    status=0
    wait $! || status=$?
    [ "$status" = 129 ] || break
    say "restart $1"
    ip -force -batch "hosts/$1/renew.batch" || :
    set -- "$1" again
  done
}

trap 'say "failed"' EXIT
[ "$engine" = native ] || mount -t proc proc /proc
say "kernel"
mount -t tmpfs -o mode=755 tmpfs /tmp
cp -a "$directory/tree/." /tmp
mount --bind /tmp/run /run
cd /tmp
if [ "$engine" != native ]; then
  echo /run/lvsctl-lab/modprobe >/proc/sys/kernel/modprobe
  /run/lvsctl-lab/modprobe -a overlay bridge veth ipv6
  # By default the kernel drops what netfilter logs in network namespaces other than the first.
  echo 1 >/proc/sys/net/netfilter/nf_log_all_netns
fi
if [ -d cgroup ]; then
  mount -t cgroup2 cgroup2 cgroup
  /run/lvsctl-lab/modprobe -a loop ext4
fi
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty dev
ip -batch switch.batch
say "network"

started=
while read -r host; do
  keep "$host" &
  started="$started $host $!"
done <hosts.list
set -- $started
while [ $# -gt 0 ]; do
  await "$1" "$2"
  shift 2
done
say "up"
wait
