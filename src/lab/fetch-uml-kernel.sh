# Puts User-Mode Linux of Debian 13 into the current folder, with the C library that it needs: unpacked and not installed.
# Debian's signatures are checked as always. The folder becomes a root for chroot: see supervisor.sh. Prints the version.
set -eu
export LC_ALL=C
release=trixie
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Origin: Debian' 'Component: main' | head -n 1)
if [ -z "$mirror" ]; then
  echo "apt knows no mirror of Debian" >&2
  exit 1
fi
mkdir -p apt/lists/partial apt/archives/partial
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" >apt/sources
: >apt/status
set -- -q -o APT::Sandbox::User=root -o Acquire::Languages=none -o Dir::Etc::SourceParts=- \
  -o Dir::Etc::SourceList="$PWD/apt/sources" -o Dir::State="$PWD/apt" -o Dir::State::status="$PWD/apt/status" \
  -o Dir::Cache="$PWD/apt"
apt-get "$@" update >&2
apt-get "$@" download user-mode-linux libc6 >&2
for package in *.deb; do
  dpkg-deb --extract "$package" .
  rm "$package"
done
rm -r apt
# The packages expect that these links are there.
ln -s usr/lib lib
ln -s usr/lib64 lib64
mkdir dev proc tmp machine
ls usr/lib/uml/modules
