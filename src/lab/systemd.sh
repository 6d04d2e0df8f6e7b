# Becomes the systemd of the host whose folder this is, with its root mounted. A service can have a root of its own only if the
# host's is the root of its mount namespace, and not a chroot.
set -eu
for node in null zero full random urandom tty ptmx fd stdin stdout stderr; do
  cp -a "../../dev/$node" root/dev
done
cd root
pivot_root . .
umount -l .
cd /
exec env -i container=lvsctl-lab PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --log-target=journal --show-status=no </dev/null >/dev/null 2>&1
