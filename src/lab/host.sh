# Makes one host, and becomes its sshd or its init: PID 1 of the host's namespaces. Usage: host.sh HOST [again], in the lab's
# scratch folder. The second time its disk is what it was, and without an init its /etc/rc.local is run.
set -eu
again=${2-}
cd "hosts/$1"
if [ -n "$again" ]; then
  find run tmp -mindepth 1 -maxdepth 1 ! -name lvsctl-lab ! -name sshd -exec rm -rf {} +
  mkdir -m 1777 run/lock
fi
mount --all --fstab fstab
echo "$1" >/proc/sys/kernel/hostname
while read -r key value; do
  [ ! -e "/proc/sys/$key" ] || echo "$value" >"/proc/sys/$key"
done <sysctls
ip -batch network.batch
[ -n "$again" ] || [ ! -e root/var/lib/lvsctl ] || rm -rf root/var/lib/lvsctl
[ ! -e init ] || exec sh ../../pid1.sh
if [ -n "$again" ]; then
  [ ! -x upper/etc/rc.local ] || chroot root /etc/rc.local </dev/null >run/rc.local.log 2>&1 &
fi
exec chroot root /usr/sbin/sshd -D -r -E /run/sshd.log
