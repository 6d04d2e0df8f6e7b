# Becomes the init of the host whose folder this is, with its root mounted. A service of systemd can have a root of its own
# only if the host's is the root of its mount namespace, and not a chroot.
set -eu
read -r command <init
for node in null zero full random urandom tty ptmx fd stdin stdout stderr; do
  set -- "$@" "../../dev/$node"
done
cp -a "$@" root/dev
cd root
pivot_root . .
/bin/umount -l . # Not what the host may have in its place, such as BusyBox.
cd /
exec env -i container=lxc PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin $command \
  </dev/null >/dev/null 2>&1
