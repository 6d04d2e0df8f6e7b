/** What serves the test page on which host, and what is installed where nothing does. */
import { describe, expect, test } from "vitest";
import { bringingPython, choosePackageManager, installScript } from "../../src/resources/server/package-managers.ts";
import { choosePython, chooseServer, pagesLaunch, parseStatLinks } from "../../src/resources/server/programs.ts";

const HTTPD = new Set(["ash", "httpd", "wget"]);
const NONE = new Set<string>();

describe("the web server is", () => {
  test.each([
    [
      "Apache before all others",
      ["/usr/sbin/httpd", "/usr/sbin/nginx", "/bin/busybox", "/usr/bin/python3"],
      HTTPD,
      "apache /usr/sbin/httpd",
    ],
    ["Debian's Apache", ["/usr/sbin/apache2", "/usr/sbin/nginx"], NONE, "apache /usr/sbin/apache2"],
    ["nginx before BusyBox", ["/usr/sbin/nginx", "/bin/busybox"], HTTPD, "nginx /usr/sbin/nginx"],
    ["BusyBox before Python", ["/usr/bin/busybox", "/usr/bin/python3"], HTTPD, "busybox /usr/bin/busybox"],
    ["Python where BusyBox has no httpd", ["/usr/bin/busybox", "/usr/bin/python3"], NONE, "python3 /usr/bin/python3"],
    [
      "Alpine's busybox-extras, whatever the other one can do",
      ["/bin/busybox-extras", "/bin/busybox"],
      NONE,
      "busybox /bin/busybox-extras",
    ],
    [
      "not an httpd that is a link to BusyBox",
      ["/usr/sbin/httpd' -> '/bin/busybox", "/bin/busybox"],
      HTTPD,
      "busybox /bin/busybox",
    ],
    [
      "the Python of RHEL's own programs",
      ["/usr/libexec/platform-python' -> '/usr/libexec/platform-python3.6"],
      NONE,
      "python3 /usr/libexec/platform-python",
    ],
    ["none on a bare host", ["/usr/bin/apt-get"], NONE, "none"],
  ] as const)("%s", (_what, files, applets, expected) => {
    const server = chooseServer(parseStatLinks(files.map((file) => `'${file}'\n`).join("")), applets);
    expect(server ? `${server.program} ${server.path}` : "none").toBe(expected);
  });
});

test("a responder runs with Python and nothing else", () => {
  expect(choosePython(new Map([["/usr/sbin/nginx", undefined]]))).toBeUndefined();
  expect(choosePython(new Map([["/usr/local/bin/python3", undefined]]))?.path).toBe("/usr/local/bin/python3");
});

describe("what is installed on a bare host", () => {
  const commands = {
    "/usr/bin/apt-get": `[ -x /bin/busybox ] || {
echo 'installing busybox with /usr/bin/apt-get'
env DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -q -y -o DPkg::Lock::Timeout=60 --no-install-recommends install busybox </dev/null || { env DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -q update </dev/null && env DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -q -y -o DPkg::Lock::Timeout=60 --no-install-recommends install busybox </dev/null; }
}`,
    "/usr/bin/dnf": `[ -x /usr/bin/python3 ] || {
echo 'installing python3 with /usr/bin/dnf'
/usr/bin/dnf -q -y install python3 </dev/null
}`,
    "/usr/bin/yum": `[ -x /usr/bin/python3 ] || {
echo 'installing python3 with /usr/bin/yum'
/usr/bin/yum -q -y install python3 </dev/null
}`,
    "/sbin/apk": `[ -x /bin/busybox-extras ] || {
echo 'installing busybox-extras with /sbin/apk'
/sbin/apk add --quiet --update-cache busybox-extras </dev/null
}`,
    "/usr/bin/zypper": `[ -x /usr/bin/python3 ] || {
echo 'installing python3 with /usr/bin/zypper'
/usr/bin/zypper --non-interactive --quiet install --no-recommends python3 </dev/null
}`,
  };

  test.each(Object.entries(commands))("%s", (path, expected) => {
    expect(install(path)).toBe(expected);
  });

  test("dnf goes before the yum that leads to it, and each can bring Python for a responder", () => {
    expect(
      choosePackageManager(
        new Map([
          ["/usr/bin/yum", "dnf-3"],
          ["/usr/bin/dnf", "dnf-3"],
        ]),
      )?.path,
    ).toBe("/usr/bin/dnf");
    const apt = choosePackageManager(new Map([["/usr/bin/apt-get", undefined]]));
    expect(apt && installScript(bringingPython(apt))).toContain("--no-install-recommends install python3 <");
  });

  function install(path: string): string | undefined {
    const manager = choosePackageManager(new Map([[path, undefined]]));
    return manager && installScript(manager);
  }
});

/** The only program that not every machine with these tests has: web-server.sockets.test.ts runs it where it is there. */
test("Apache has its own modules, nothing of the distribution's configuration, and a folder that is ours", () => {
  const { files, run } = pagesLaunch({ program: "apache", path: "/usr/sbin/httpd" }, "/F", 443);
  expect(files["httpd.conf"]).toBe(`ServerRoot "/F"
ServerName localhost
Listen 443
User nobody
PidFile "/F/httpd.pid"
DefaultRuntimeDir "/F"
Mutex posixsem
ErrorLog "/F/log"
LogLevel warn
DocumentRoot "/F/root"
DirectoryIndex index.html
TypesConfig /dev/null
AddType text/html .html
Include "/F/modules.conf"
`);
  expect(run).toContain(
    "{ load mpm_event mpm_worker mpm_prefork; load unixd; load authz_core; load dir; load mime; } > /F/modules.conf",
  );
  expect(run.split("\n").at(-1)).toBe('exec /usr/sbin/httpd -f /F/httpd.conf -c "Group $group" -DFOREGROUND');
});
