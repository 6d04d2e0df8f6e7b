#!/bin/bash
# Runs a network manager of Debian in namespaces of its own, lets happen to it what happens to hosts, and prints what it has deleted
# of what somebody else has made: `MANAGER | event | kinds` for each event. The caller gives it namespaces for everything.
# network-managers.sh MANAGER PACKAGES [EXPECTED]
#   PACKAGES: a folder of what the packages add to this machine; EXPECTED: a file of such lines, for which it waits
set -e
manager=$1 packages=$2 expected=${3-} script=$(realpath "$0")

if [ "$manager" != inside ]; then
  box=$(mktemp -d)
  trap 'umount -l "$box"; rmdir "$box"' EXIT
  mount -t tmpfs tmpfs "$box"
  cd "$box"
  mkdir up work root
  cp -a "$packages" added # overlayfs takes no folder that is below another one of its
  mount -t overlay overlay -o lowerdir="$box/added:/",upperdir=up,workdir=work root
  mount -t proc proc root/proc
  mount -t sysfs -o ro sysfs root/sys # so that nobody waits for udev
  for folder in run tmp; do mount -t tmpfs tmpfs root/$folder; done
  mount --rbind /dev root/dev
  mkdir -p root/run/{dbus,network} root/run/systemd/netif/{links,leases,lldp}
  chown -R systemd-network: root/run/systemd/netif
  cp "$script" root/run/script
  [ -z "$expected" ] || cp "$expected" root/run/expected
  unshare -n sleep infinity &
  echo $! >root/run/router
  until [ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
  ip link set lo up
  ip link add eth0 type veth peer name eth0 netns $!
  chroot root bash /run/script inside "$manager"
  exit
fi

manager=$2
on_router() { nsenter -n -t "$(cat /run/router)" "$@"; }
on_router ip link set eth0 up
for address in 172.16.20.1 172.16.20.20; do on_router ip address add $address/24 dev eth0; done
cat >/run/udhcpd.conf <<'END'
interface eth0
start 172.16.20.10
end 172.16.20.10
max_leases 1
lease_file /run/udhcpd.leases
pidfile /run/udhcpd.pid
min_lease 10
option subnet 255.255.255.0
option router 172.16.20.1
option lease 20
END
serve_leases() { on_router busybox udhcpd -f /run/udhcpd.conf >/dev/null 2>&1 & }
has_own() { ip -o address show dev eth0 to 172.16.20.10 | grep -q . && ip route show default | grep -q .; }
valid() { ip -o address show dev eth0 to 172.16.20.10 | sed -n 's/.*valid_lft \([0-9]*\)sec.*/\1/p'; }
is_on() { grep -q 1 "/proc/sys/net/ipv4/$1"; }

make() {
  ip address replace 172.16.99.1/32 dev eth0
  ip address replace 172.16.99.2/32 dev lo
  ip route replace 192.0.2.0/25 via 172.16.20.20 dev eth0 onlink
  for one in ip_forward conf/all/log_martians conf/eth0/log_martians conf/eth0/arp_ignore; do echo 1 >/proc/sys/net/ipv4/$one; done
  ip link show theirs || ip link add theirs type veth peer name theirs2
  ip link set theirs2 up
  ip link set theirs up
  ip address replace 172.16.99.3/32 dev theirs
} >/dev/null 2>&1

deleted() { # what is gone, or nothing
  gone=
  ip -o address show dev eth0 to 172.16.99.1 | grep -q . || gone="$gone, address"
  ip route show to exact 192.0.2.0/25 | grep -q . || gone="$gone, route"
  ip -o address show dev lo to 172.16.99.2 | grep -q . || gone="$gone, address on lo"
  is_on ip_forward && is_on conf/all/log_martians && is_on conf/eth0/log_martians && is_on conf/eth0/arp_ignore || gone="$gone, sysctl"
  ip -o address show dev theirs up to 172.16.99.3 | grep -q . || gone="$gone, other interface"
  [ -n "$gone" ] || gone=", nothing"
  echo "${gone#, }"
}

# What happens, as it is printed; what is done, by default the same.
event() {
  case $1 in "it is "* | "a lease "* | "the cable "*) shown="$name | $1" ;; *) shown="$name | \`$1\`" ;; esac
  make
  eval "${2-$1}" >/dev/null 2>&1 || :
  until has_own; do sleep 0.5; done
  if [ -e /run/expected ]; then
    until grep -qxF "$shown | $(deleted)" /run/expected; do sleep 0.5; done
  else
    sleep 8
  fi
  until has_own; do sleep 0.5; done
  echo "$shown | $(deleted)"
}

leases() { # the events of all DHCP clients
  event "a lease is renewed" 'before=$(valid); until now=$(valid); [ "$now" -gt "$before" ]; do before=$now; sleep 0.5; done'
  event "a lease expires, and there is a new one" \
    'kill "$(cat /run/udhcpd.pid)"; while [ -n "$(valid)" ]; do sleep 0.5; done; serve_leases'
}

FLAP="ip link set eth0 down; ip link set eth0 up"
CABLE="the cable is unplugged, and plugged in again"
pull() { event "$CABLE" "on_router ip link set eth0 down; sleep 1; on_router ip link set eth0 up"; }
bus() {
  dbus-daemon --system --nofork --nopidfile 2>/dev/null &
  until [ -S /run/dbus/system_bus_socket ]; do sleep 0.2; done
}
restart() { event "it is stopped, and started again" 'kill $it; wait $it; start'; }

name="$manager"
case $manager in
systemd-networkd)
  bus
  file=/etc/systemd/network/eth0.network
  mkdir -p /etc/systemd/network
  printf '[Match]\nName=eth0\n[Network]\nAddress=172.16.20.10/24\nGateway=172.16.20.1\n' >$file
  start() {
    /lib/systemd/systemd-networkd >/dev/null 2>&1 &
    it=$!
    until networkctl status eth0 && has_own; do sleep 0.5; done >/dev/null 2>&1
  }
  start
  events() {
    restart
    event "networkctl reload"
    event "networkctl reconfigure eth0"
    event "$FLAP"
    pull
  }
  events
  name="$manager, DHCP"
  sed -i 's/^Address.*/DHCP=ipv4/; /^Gateway/d' $file
  serve_leases
  networkctl reload
  until [ -n "$(valid)" ]; do sleep 0.5; done
  events
  event "networkctl renew eth0"
  event "networkctl forcerenew eth0"
  leases
  ;;
NetworkManager)
  bus
  printf '[keyfile]\nunmanaged-devices=*,except:interface-name:eth0\n' >/etc/NetworkManager/conf.d/lab.conf
  start() {
    NetworkManager --no-daemon >/dev/null 2>&1 &
    it=$!
    until nmcli general status >/dev/null 2>&1; do sleep 0.5; done
  }
  start
  nmcli connection add type ethernet con-name lab ifname eth0 ipv4.method manual ipv4.addresses 172.16.20.10/24 ipv4.gateway 172.16.20.1 ipv6.method disabled >/dev/null
  nmcli connection up lab >/dev/null
  events() {
    restart
    event "nmcli device reapply eth0"
    event "nmcli connection up lab"
    event "ip link set eth0 down; sleep 1; ip link set eth0 up"
    pull
  }
  events
  name="$manager, DHCP"
  serve_leases
  nmcli connection modify lab ipv4.method auto ipv4.addresses '' ipv4.gateway ''
  nmcli connection up lab >/dev/null
  events
  leases
  ;;
ifupdown)
  printf 'auto eth0\niface eth0 inet static\n address 172.16.20.10/24\n gateway 172.16.20.1\n' >/etc/network/interfaces
  ifup eth0
  event "ifdown eth0; ifup eth0"
  event "$FLAP" "$FLAP; ip route replace default via 172.16.20.1" # Nobody brings that back either.
  name="$manager, dhclient"
  ifdown eth0
  : >/etc/resolv.conf
  printf 'auto eth0\niface eth0 inet dhcp\n' >/etc/network/interfaces
  serve_leases
  ifup eth0 >/dev/null 2>&1
  event "ifdown eth0; ifup eth0"
  event "dhclient -1 eth0"
  ifdown eth0 >/dev/null 2>&1
  ifup eth0 >/dev/null 2>&1
  leases
  ;;
esac
