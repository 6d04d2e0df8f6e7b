# Mounts the disk of a host in the lab's scratch folder. Usage: disk.sh HOST [again]. The second time it is unmounted first, so
# that the host begins with what is really on its disk.
set -eu
cd "hosts/$1"
if [ -n "${2-}" ]; then
  # The mounts of the host's last processes go a little later than they do.
  tries=0
  until umount disk 2>/dev/null || ! mountpoint -q disk; do # It also fails after an automatic end of its loop device.
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || exit 1
    sleep 0.1
  done
fi
mount -o loop disk.img disk
