# Puts OpenRC of this machine's Debian, with its libraries, into the current folder: unpacked and not installed, so that
# nothing of this machine's boot changes. Prints its version.
set -eu
export LC_ALL=C
fetch() { apt-get -q -o APT::Sandbox::User=root download openrc librc1 libeinfo1 >&2; }
fetch || {
  apt-get -q update >&2 # A fresh machine has no package lists yet.
  fetch
}
for package in *.deb; do
  case $package in openrc_*) version=$(dpkg-deb --field "$package" Version) ;; esac
  dpkg-deb --extract "$package" .
  rm "$package"
done
# Hosts have services and runlevels of their own, and on some machines these folders are links.
rm -r etc
for folder in bin sbin lib; do
  [ ! -d "$folder" ] || [ -L "$folder" ] || {
    mkdir -p "usr/$folder"
    cp -a "$folder/." "usr/$folder"
    rm -r "$folder"
  }
done
echo "$version"
