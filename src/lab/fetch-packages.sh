# Puts what Debian's packages add to this machine into the current folder, as a layer over its root. They are installed, with
# their maintainer scripts, in a root that lies over this machine's: on this machine itself nothing changes, and nothing starts.
# Usage: fetch-packages.sh NAME... Prints the folder's new name.
set -eu
[ "${1-}" = --in-namespace ] || exec unshare --mount --pid --fork --kill-child sh "$0" --in-namespace "$@"
shift
export LC_ALL=C DEBIAN_FRONTEND=noninteractive PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
here=$PWD
work=$here/,work
mkdir "$work"
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$work"
cd "$work"
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root
mount -t proc proc root/proc
mount --rbind /dev root/dev
mount -t tmpfs -o mode=755 tmpfs root/run
mount -t tmpfs -o mode=1777 tmpfs root/tmp
printf '#!/bin/sh\nexit 101\n' >root/usr/sbin/policy-rc.d
chmod 755 root/usr/sbin/policy-rc.d
install() { chroot root apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends install "$@" >&2; }
install "$@" || {
  chroot root apt-get -q update >&2 # A fresh machine has no package lists yet.
  install "$@"
}
umount -l root
cd upper
rm -rf usr/sbin/policy-rc.d var/cache/apt var/lib/apt var/log root tmp run dev proc
cp -a . "$here"
cd "$here"
umount -l "$work"
rmdir "$work"
names=$(printf '%s\n' "$@" | sort | tr '\n' _)
echo "${names%_}"
