# PID 1 of a lab, in process, mount and network namespaces of its own: when it ends, the whole lab is gone.
# Usage: supervisor.sh ENGINE MEMORY SETTING, in the lab's directory. SETTING is the accelerator of qemu, or the root of uml.
set -eu
unset LVSCTL_LAB_FOLDER # It tells the program that starts a lab, and this one, from the lab's other processes.
engine=$1 memory=$2 setting=${3-}

# /proc is still the machine's, so that this is our process id outside; with the start time it identifies us for good.
# The directory is gone when the lab was taken down meanwhile, and then this fails.
read -r stat </proc/self/stat
pid=${stat%% *}
set -- ${stat##*) }
echo "$pid ${20}" >pid

mount -t proc -o nosuid,nodev,noexec proc /proc
ip -batch control.batch
if [ "$engine" = native ]; then
  exec sh ./build.sh native "$PWD"
fi

if [ "$engine" = qemu ]; then
  exec qemu-system-x86_64 -accel "$setting" -cpu max -smp "$(nproc)" -m "$memory" -nodefaults -no-reboot \
    -display none -monitor none -serial stdio -kernel kernel -initrd initrd.gz \
    -append "console=ttyS0 quiet panic=-1 mitigations=off lvsctl.lab=$PWD" \
    -virtfs local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap \
    -netdev tap,id=cable,ifname=tap0,script=no,downscript=no -device virtio-net-pci,netdev=cable,romfile= </dev/null
fi

mount -t tmpfs -o size=100%,mode=700 tmpfs /tmp
set -- linux.uml rootflags=/
# A kernel of another release of Debian has its own C library. It starts in its own root, and sees this machine's below it.
if [ "$setting" != / ]; then
  mount --rbind / "$setting/machine"
  mount --rbind /dev "$setting/dev"
  mount --bind /proc "$setting/proc"
  mount --bind /tmp "$setting/tmp"
  set -- chroot "$setting" linux.uml rootflags=/machine
fi
TMPDIR=/tmp HOME=/tmp "$@" mem="$memory" uml_dir=/tmp/ umid=lab rootfstype=hostfs ro quiet \
  con=null con0=null,fd:1 ssl=null vec0:transport=tap,ifname=tap0,depth=128,gro=1 \
  init=/bin/sh -- "$PWD/build.sh" uml "$PWD"
