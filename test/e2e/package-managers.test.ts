/**
 * The commands by which lvsctl installs a package on hosts with dnf and zypper, run by the real programs, in a root that lies over this
 * machine's: they find a package in a repository of their own, and say so if there is none. apt-get is what makes that root.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { choosePackageManager, installScript } from "../../src/resources/server/package-managers.ts";
import { spawnStream } from "../../src/transport/process.ts";
import { watched } from "../helpers/watched-process.ts";

const SPEC = `Name: lvsctl-fake
Version: 1
Release: 1
Summary: A program
License: none
BuildArch: noarch
AutoReqProv: no
%description
A program.
%install
mkdir -p %{buildroot}/opt
printf '#!/bin/sh\\necho it runs\\n' >%{buildroot}/opt/fake
chmod 755 %{buildroot}/opt/fake
%files
/opt/fake
`;

/** Makes the root, prints a line, and keeps it until its input ends. */
const MAKE = `set -eu
read -r pid rest </proc/self/stat
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt
cd /mnt
exec 3>&1 >log 2>&1
trap 'tail -n 20 /mnt/log >&3' EXIT
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root
mount -t proc proc root/proc
mount --rbind /dev root/dev
mount -t tmpfs tmpfs root/run
mount -t tmpfs -o mode=1777 tmpfs root/tmp
printf '#!/bin/sh\\nexit 101\\n' >root/usr/sbin/policy-rc.d
chmod 755 root/usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive
set -- apt-get -q -y --no-install-recommends install dnf createrepo-c rpm zypper
chroot root "$@" || { chroot root apt-get -q update; chroot root "$@"; }
cat >root/tmp/fake.spec <<'EOF'
${SPEC}EOF
chroot root rpmbuild --quiet -bb --define '_rpmdir /tmp/repo' /tmp/fake.spec
chroot root createrepo_c -q /tmp/repo
printf '[fake]\\nname=fake\\nbaseurl=file:///tmp/repo\\ngpgcheck=0\\n' >root/tmp/fake.repo
mkdir -p root/etc/yum.repos.d root/etc/zypp/repos.d root/etc/dnf/vars
cp root/tmp/fake.repo root/etc/yum.repos.d/fake.repo
cp root/tmp/fake.repo root/etc/zypp/repos.d/fake.repo
echo 9 >root/etc/dnf/vars/releasever
echo "made $pid" >&3
read -r end
`;

let keeper: ReturnType<typeof spawnStream>;
let pid: string;

beforeAll(async () => {
  keeper = spawnStream(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", MAKE]);
  let text = "";
  for await (const chunk of keeper.stdout) {
    text += String(chunk);
    if (text.startsWith("made")) break;
  }
  expect(text).toMatch(/^made \d+\n$/);
  pid = text.slice(5).trim();
});

afterAll(() => keeper?.stdin.end());

const run = (script: string) => watched(["nsenter", "-t", pid, "-m", "chroot", "/mnt/root", "sh", "-c", script]).ended;

describe.each(["/usr/bin/dnf", "/usr/bin/zypper"])("%s", (path) => {
  const manager = choosePackageManager(new Map([[path, undefined]]));
  if (manager === undefined) throw new Error(`${path} is one of them`);
  const server = { ...manager.server, path: "/opt/fake" };

  it("installs a package that there is, once", async () => {
    await run("rm -f /opt/fake; rpm --force-debian -e lvsctl-fake");
    const script = installScript({ ...manager, package: "lvsctl-fake", server });
    const installed = await run(`${script}\n/opt/fake`);
    expect(installed, installed.stderr).toMatchObject({ status: 0 });
    expect(installed.stdout).toMatch(/^installing lvsctl-fake with \/usr\/bin\/\w+\n(.*\n)*it runs\n$/);
    expect(await run(script)).toMatchObject({ status: 0, stdout: "" });
  });

  it("fails for a package that there is not, and says so", async () => {
    const missing = await run(
      installScript({ ...manager, package: "lvsctl-none", server: { ...server, path: "/none" } }),
    );
    expect(missing.status).not.toBe(0);
    expect(missing.stdout + missing.stderr).toMatch(/lvsctl-none/);
  });
});
