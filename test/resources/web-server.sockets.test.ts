import { existsSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { Observed } from "../../src/resources/resource.ts";
import { CLIENTS_FOLDERS, type Server } from "../../src/resources/server/programs.ts";
import type { ServerDetail } from "../../src/resources/server/server-kind.ts";
import { type WebServerState, webServer } from "../../src/resources/web-server.ts";
import { quote, sh } from "../../src/shell/quote.ts";
import { blocksOf } from "../helpers/transcript.ts";
import { context, type ThrowAwayHost, type Tools, throwAwayHost } from "./throw-away-host.ts";

type Found = Observed<WebServerState, ServerDetail>;

const BUSYBOX: Server = { program: "busybox", path: "/usr/bin/busybox" };
const NGINX: Server = { program: "nginx", path: "/usr/sbin/nginx" };
const PYTHON: Server = { program: "python3", path: "/usr/bin/python3" };
const APACHE: Server = { program: "apache", path: "/usr/sbin/apache2" };

/** Debian packages: busybox, nginx-light, python3-minimal. Apache (apache2-bin) is tried too where somebody has it. */
const SERVERS = [BUSYBOX, NGINX, PYTHON, ...[APACHE].filter(({ path }) => existsSync(path))];
const CASES = [
  ...SERVERS.map((server) => ({ ...server, tools: "gnu" as Tools })),
  ...SERVERS.map((server) => ({ ...server, tools: "busybox" as Tools })),
];

const ROOT = "/var/lib/lvsctl/web-lab/pages";
const STATE: WebServerState = { port: 80, root: ROOT, running: true };

let host: ThrowAwayHost;

afterEach(() => host.end());

describe.each(CASES)("$program on a host with $tools tools", ({ program, path, tools }) => {
  const server = { program, path };

  test("serves the page after the session's end, and goes without a trace", async () => {
    await begin(tools);
    expect((await host.run(`[ -x ${path} ]`)).status, `install the Debian package that brings ${path}`).toBe(0);
    const processes = await host.processes();
    const before = using(server, await host.observe(webServer, [STATE]));
    expect(before.states.size).toBe(0);
    expect(webServer.problem?.(STATE, before, false)).toBeUndefined();

    const started = await host.apply(webServer, { before: undefined, after: STATE }, before);
    expect(started).toMatchObject({ stderr: "", status: 0 });
    for (const address of await addresses()) expect(await fetched(`http://${address}:80/?n=1`), address).toBe("rs1\n");
    expect(await runsAsNobody()).toBe(true);
    const given = (await host.run("cd /var/lib/lvsctl/web-lab/web-80 && find . ! -user 0 | sed 's,./,,'")).stdout;
    expect(given.split("\n").filter((name) => name !== "" && !CLIENTS_FOLDERS.includes(name))).toEqual([]);

    const during = using(server, await host.observe(webServer, [STATE]));
    expect(during.states.get("port 80")).toEqual(STATE);
    expect(webServer.problem?.(STATE, during, true)).toBeUndefined();

    const removed = await host.apply(webServer, { before: STATE, after: undefined }, during);
    expect(removed).toMatchObject({ stderr: "", status: 0 });
    const after = await host.observe(webServer, [STATE]);
    expect(after.states.size).toBe(0);
    expect(after.detail.listening.has("tcp 80")).toBe(false);
    expect(await host.processes()).toEqual(processes);
    expect((await host.run("cd /var/lib; find . -type f; ls lvsctl/web-lab; ls /run")).stdout).toBe(
      "./lvsctl/web-lab/pages/index.html\npages\n",
    );
  });

  test("serves another folder after an update", async () => {
    await begin(tools);
    await start(server);
    await host.run(`mkdir -p ${ROOT}-2; echo other > ${ROOT}-2/index.html`);
    const other = { ...STATE, root: `${ROOT}-2` };
    const observed = using(server, await host.observe(webServer, [STATE]));
    expect(await host.apply(webServer, { before: STATE, after: other }, observed)).toMatchObject({ status: 0 });
    expect(await fetched("http://127.0.0.1/")).toBe("other\n");
    expect((await host.observe(webServer, [other])).states.get("port 80")).toEqual(other);
  });
});

test.each(SERVERS)("$program serves a folder whose name is shell syntax, which nothing runs", async (server) => {
  await begin();
  const root = `${ROOT}/it's $(touch /run/owned) "\`touch /run/owned\`\\`;
  const state = { ...STATE, root };
  const { stderr } = await host.run(`mkdir -p ${quote(root)} && echo odd > ${quote(`${root}/index.html`)}`);
  expect(stderr).toBe("");
  const observed = using(server, await host.observe(webServer, [state]));
  expect(await host.apply(webServer, { before: undefined, after: state }, observed)).toMatchObject({ status: 0 });
  expect(await fetched("http://127.0.0.1/")).toBe("odd\n");
  expect((await host.run("ls /run")).stdout).toBe("");
});

test("the script for the next boot leaves a server that runs, and starts one that has ended", async () => {
  await begin();
  await start(BUSYBOX);
  const observed = using(BUSYBOX, await host.observe(webServer, [STATE]));
  const [step] = webServer.atBoot?.([STATE], observed, context) ?? [];
  expect(step?.what).toBe(`web server on port 80 for ${ROOT}`);
  const number = async () => (await host.run("readlink /var/lib/lvsctl/web-lab/web-80/process")).stdout;
  const first = await number();
  expect(await host.run(`set -e\n${step?.script}`)).toMatchObject({ stderr: "", status: 0 });
  expect(await number()).toBe(first);
  // A process that was killed may listen for a moment longer.
  await host.run(`kill -KILL $(basename $(readlink /var/lib/lvsctl/web-lab/web-80/process))
while grep -q ":0050 .* 0A " /proc/net/tcp /proc/net/tcp6; do sleep 0.05; done`);
  expect(await host.run(`set -e\n${step?.script}`)).toMatchObject({ stderr: "", status: 0 });
  expect(await fetched("http://127.0.0.1/")).toBe("rs1\n");
});

test("a server that was killed is seen, and started again", async () => {
  await begin();
  await start(BUSYBOX);
  await host.run(`process=$(readlink /var/lib/lvsctl/web-lab/web-80/process)
kill -KILL "$(basename "$process")"
while [ -e "$process" ]; do sleep 0.05; done`);
  const observed = using(BUSYBOX, await host.observe(webServer, [STATE]));
  const ended = { ...STATE, running: false };
  expect(observed.states.get("port 80")).toEqual(ended);
  expect(webServer.problem?.(STATE, observed, true)).toBeUndefined();
  expect(await host.apply(webServer, { before: ended, after: STATE }, observed)).toMatchObject({ status: 0 });
  expect(await fetched("http://127.0.0.1/")).toBe("rs1\n");
});

test("a server that does not end when it is asked to is killed", async () => {
  await begin();
  const processes = await host.processes();
  await start(BUSYBOX);
  await host.run("kill -STOP $(basename $(readlink /var/lib/lvsctl/web-lab/web-80/process))");
  const observed = await host.observe(webServer, [STATE]);
  expect(await host.apply(webServer, { before: STATE, after: undefined }, observed)).toMatchObject({ status: 0 });
  expect(await host.processes()).toEqual(processes);
});

test("is removed by hand, without lvsctl, with the commands of docs/hosts.md", async () => {
  const page = readFileSync(new URL("../../docs/hosts.md", import.meta.url), "utf8");
  const block = blocksOf(page).find(({ note }) => note === "run by test/resources/web-server.sockets.test.ts");
  await begin();
  const processes = await host.processes();
  await start(BUSYBOX);
  const { stdout, status } = await host.run(`set -e\n${block?.text.replaceAll("NAME", "web-lab")}`);
  expect({ stdout, status }).toEqual({ stdout: expect.stringContaining("busybox httpd"), status: 0 });
  expect(await host.processes()).toEqual(processes);
  expect((await host.observe(webServer, [STATE])).states.size).toBe(0);
});

test("another process that now has the server's old process ID is not killed", async () => {
  await begin();
  await start(BUSYBOX);
  await host.run(`cd /var/lib/lvsctl/web-lab/web-80
kill -KILL $(basename $(readlink process)); setsid sleep 36000 >/dev/null 2>&1 & ln -sfn /proc/$! process`);
  const observed = await host.observe(webServer, [STATE]);
  expect(observed.states.get("port 80")?.running).toBe(false);
  expect(await host.apply(webServer, { before: STATE, after: undefined }, observed)).toMatchObject({ status: 0 });
  expect(await host.processes()).toContain("sleep 36000");
});

test("a server that cannot run fails with its own words, and leaves nothing", async () => {
  await begin();
  const processes = await host.processes();
  await host.run("printf '#!/bin/sh\\necho no licence >&2; exit 1\\n' > /run/broken; chmod 755 /run/broken");
  const observed = using({ program: "busybox", path: "/run/broken" }, await host.observe(webServer, [STATE]));
  const result = await host.apply(webServer, { before: undefined, after: STATE }, observed);
  expect(result).toMatchObject({ status: 1, stderr: "the web server for port 80 has ended\nno licence\n" });
  expect(await host.processes()).toEqual(processes);
  expect((await host.run("ls /var/lib/lvsctl/web-lab")).stdout).toBe("pages\n");
});

test("a server that the kernel's access control keeps from its files fails with the kernel's words, and none about others", async () => {
  await begin();
  const denied = (path: string) => `audit: type=1400 audit(1.2:3): apparmor="DENIED" operation="open" name="${path}"`;
  const ours = denied("/var/lib/lvsctl/web-lab/web-80/httpd.conf");
  await host.run(`mkdir -p /run/kernel; cd /usr/local/sbin
printf '#!/bin/sh\\ncat /run/kernel/log\\n' >dmesg; printf '#!/bin/sh\\nexit 1\\n' >/run/broken; chmod 755 dmesg /run/broken
cat >/run/kernel/log <<'END'
${[denied("/var/lib/lvsctl/web-lab/web-8080/httpd.conf"), ours, denied("/etc/shadow")].join("\n")}
END`);
  const observed = using({ program: "busybox", path: "/run/broken" }, await host.observe(webServer, [STATE]));
  const result = await host.apply(webServer, { before: undefined, after: STATE }, observed);
  expect(result).toMatchObject({ status: 1, stderr: `the web server for port 80 has ended\n${ours}\n` });
});

test("somebody else's server is named and left alone", async () => {
  await begin();
  await host.run("cd /run; setsid busybox httpd -f -p 127.0.0.1:80 >/dev/null 2>&1 &");
  await host.run("until grep -q :0050 /proc/net/tcp; do sleep 0.05; done");
  const processes = await host.processes();
  const observed = using(NGINX, await host.observe(webServer, [STATE]));
  expect(webServer.problem?.(STATE, observed, false)?.message).toMatch(
    /^Port 80 is taken by busybox \(process \d+\); lvsctl did not start it\.$/,
  );
  const result = await host.apply(webServer, { before: undefined, after: STATE }, observed);
  expect(result).toMatchObject({ status: 1, stderr: "port 80 is taken by a program of somebody else's\n" });
  expect(await host.processes()).toEqual(processes);
});

test("a package is installed first where there is no server, after new lists where that fails", async () => {
  await begin();
  const observed = await host.observe(webServer, [STATE]);
  const packageManager = {
    path: "/bin/ln",
    package: "/run/packages/busybox",
    server: { program: "busybox", path: "/run/packages/busybox" },
    install: sh`ln -s /usr/bin/busybox`,
    refresh: sh`mkdir /run/packages`,
  } as const;
  const bare = { ...observed, detail: { ...observed.detail, server: undefined, packageManager } };
  expect(await host.apply(webServer, { before: undefined, after: STATE }, bare)).toMatchObject({
    stdout: "installing /run/packages/busybox with /bin/ln\n",
    status: 0,
  });
  expect(await fetched("http://127.0.0.1/")).toBe("rs1\n");
});

test("the page is still served when the SSH session that started it is killed", async () => {
  await begin();
  const observed = using(BUSYBOX, await host.observe(webServer, [STATE]));
  const change = { kind: webServer.kind, key: webServer.key(STATE), before: undefined, after: STATE };
  const script = webServer.commands([change], observed, context).map((step) => step.script);
  const { stdout, stderr } = await host.run(`mkdir -p /run/sshd /run/keys && cd /run/keys || exit 1
for key in host user; do ssh-keygen -q -t ed25519 -N '' -f $key; done
/usr/sbin/sshd -f /dev/null -h /run/keys/host -o ListenAddress=127.0.0.1 -o PidFile=none -o UsePAM=no \\
  -o StrictModes=no -o AuthorizedKeysFile=/run/keys/user.pub -o SetEnv=HOME=/run/keys -o LogLevel=ERROR
until grep -q ":0016 " /proc/net/tcp; do sleep 0.05; done
ssh -F /dev/null -i user -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \\
  root@127.0.0.1 'sh -s; echo $PPID > /run/session; exec sleep 36000' >/dev/null <<'END' &
${script.join("\n")}
END
until [ -s /run/session ]; do kill -0 $! || exit 1; sleep 0.1; done
kill -KILL "$(cat /run/session)"; wait $!; echo "ssh ended with $?"`);
  expect(stdout, stderr).toBe("ssh ended with 255\n");
  expect(await fetched("http://127.0.0.1/")).toBe("rs1\n");
});

/** As older versions called it: the start-up of another topology can have that name. */
const OLD_UNIT = "lvsctl-web-lab-web-80.service";

test.each<[string, string, readonly string[]]>([
  ["and so is the one that older versions made", ":", [OLD_UNIT]],
  ["and the start-up of the topology web-lab-web-80 is left alone", `: >/etc/systemd/system/${OLD_UNIT}`, []],
])(
  "systemd, where it runs, is given a unit of a name of our own, and asked to stop it; %s",
  async (_what, there, old) => {
    await begin();
    await host.run(`mkdir -p /run/systemd/system; mount -t tmpfs none /etc/systemd/system; ${there}; cd /usr/local/sbin
cat > systemctl <<'END'
#!/bin/sh
echo "systemctl $*" >> /run/calls
END
cat > systemd-run <<'END'
#!/bin/sh
echo "systemd-run $*" >> /run/calls
shift 2
setsid "$@" </dev/null >/dev/null 2>&1 &
END
chmod 755 *`);
    await start(BUSYBOX);
    expect(await fetched("http://127.0.0.1/")).toBe("rs1\n");
    const observed = await host.observe(webServer, [STATE]);
    expect(await host.apply(webServer, { before: STATE, after: undefined }, observed)).toMatchObject({ status: 0 });
    const calls = (await host.run("cat /run/calls")).stdout.trimEnd().split("\n");
    const stop = ["lvsctl-web-lab_web-80.service", ...old].flatMap((unit) => [
      `systemctl stop ${unit}`,
      `systemctl reset-failed ${unit}`,
    ]);
    expect(calls).toEqual([
      ...stop,
      "systemd-run --unit=lvsctl-web-lab_web-80.service --description=lvsctl: web server of web-lab on port 80 " +
        "/bin/sh /var/lib/lvsctl/web-lab/web-80/start",
      ...stop,
    ]);
  },
);

async function begin(tools: Tools = "gnu"): Promise<void> {
  host = await throwAwayHost(tools);
  // As the ledger's folder is: closed to the user that the servers run as.
  await host.run(`umask 077; mkdir -p ${ROOT}; umask 022; echo rs1 > ${ROOT}/index.html; chmod 755 ${ROOT}`);
}

async function start(server: Server): Promise<void> {
  const observed = using(server, await host.observe(webServer, [STATE]));
  const { stderr, status } = await host.apply(webServer, { before: undefined, after: STATE }, observed);
  expect(status, stderr).toBe(0);
}

/** The host as if this were the one server that it has. */
function using(server: Server, observed: Found): Found {
  return { ...observed, detail: { ...observed.detail, server } };
}

/** Addresses of the loopback interface; IPv6 only where this machine's kernel has it. */
async function addresses(): Promise<readonly string[]> {
  const { status } = await host.run("[ -e /proc/net/if_inet6 ]");
  return ["127.0.0.1", "127.0.0.2", ...(status === 0 ? ["[::1]"] : [])];
}

async function fetched(url: string): Promise<string> {
  const { stdout, stderr } = await host.run(`busybox wget -q -Y off -O - ${url}`);
  return stdout + stderr;
}

async function runsAsNobody(): Promise<boolean> {
  const { stdout } = await host.run("busybox ps -o user,args");
  return /^nobody .*(apache|nginx|httpd|serve\.py)/m.test(stdout);
}
