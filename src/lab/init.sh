#!/bin/sh
# PID 1 of the engine qemu's kernel until this machine's root is mounted; then build.sh is.
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
read -r line </proc/cmdline
case " $line " in
  *" lvsctl.probe "*)
    echo "lvsctl-lab: works"
    /bin/busybox poweroff -f
    ;;
esac
while read -r module; do
  /bin/busybox insmod "$module" || echo "$module cannot be loaded"
done </modules/order
directory=${line##*lvsctl.lab=}
directory=${directory%% *}
/bin/busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=262144 root /root || echo "lvsctl-lab: failed 9p"
/bin/busybox umount /dev
/bin/busybox umount /proc
exec /bin/busybox switch_root /root /bin/sh "$directory/build.sh" qemu "$directory"
