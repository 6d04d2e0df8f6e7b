# Puts the distribution's stock kernel into the current folder: unpacked and not installed, so that nothing of this
# machine's boot changes. Prints the kernel's version.
set -eu
export LC_ALL=C
package=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
if [ -z "$package" ]; then
  echo "apt knows no package linux-image-amd64" >&2
  exit 1
fi
version=${package#linux-image-}
apt-get -q -o APT::Sandbox::User=root download "$package" >&2
dpkg-deb --extract "$package"_*.deb .
rm "$package"_*.deb
depmod --basedir . "$version"
echo "$version"
