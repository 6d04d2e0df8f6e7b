# Makes one host, and becomes its sshd: PID 1 of the host's namespaces. Usage: host.sh HOST, in the lab's scratch folder.
set -eu
cd "hosts/$1"
mount --all --fstab fstab
echo "$1" >/proc/sys/kernel/hostname
while read -r key value; do
  [ ! -e "/proc/sys/$key" ] || echo "$value" >"/proc/sys/$key"
done <sysctls
ip -batch network.batch
[ ! -e root/var/lib/lvsctl ] || rm -rf root/var/lib/lvsctl
exec chroot root /usr/sbin/sshd -D -r -E /run/sshd.log
