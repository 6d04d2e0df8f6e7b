# Makes the initial file system of the engine qemu's kernel: BusyBox, the modules to reach this machine's root by 9p, and
# init.sh. Usage: initrd.sh ROOT VERSION OUTPUT; ROOT/lib/modules/VERSION holds the modules.
set -eu
root=$1 version=$2 output=$3
here=${0%/*}
busybox=$(command -v busybox)
folder=$(mktemp -d "$output.XXXXXX")
trap 'rm -rf "$folder"' EXIT

mkdir -p "$folder/bin" "$folder/modules" "$folder/root" "$folder/proc" "$folder/dev" "$folder/sys"
cp "$busybox" "$folder/bin/busybox"
ln -s busybox "$folder/bin/sh"
# Debian has a static and a dynamic BusyBox.
for library in $(ldd "$busybox" 2>/dev/null | grep -o '/[^ ]*'); do
  mkdir -p "$folder${library%/*}"
  cp -L "$library" "$folder$library"
done
for module in virtio_pci virtio_net 9pnet_virtio 9p overlay; do
  modprobe -d "$root" -S "$version" --show-depends "$module"
done | while read -r how path _; do
  [ "$how" = insmod ] || continue
  name=${path##*/}
  grep -qxF "/modules/$name" "$folder/modules/order" 2>/dev/null && continue
  cp "$path" "$folder/modules/$name"
  echo "/modules/$name" >>"$folder/modules/order"
done
cp "$here/init.sh" "$folder/init"
chmod 755 "$folder/init"
(cd "$folder" && find . | busybox cpio -o -H newc) | gzip -1 >"$folder.gz"
mv "$folder.gz" "$output"
