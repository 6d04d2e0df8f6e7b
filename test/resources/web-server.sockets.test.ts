import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Observed } from "../../src/resources/resource.ts";
import type { Server } from "../../src/resources/web/programs.ts";
import { type WebServerDetail, type WebServerState, webServer } from "../../src/resources/web-server.ts";
import { type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

/** Debian packages: busybox, python3-minimal, nginx-light, apache2-bin. */
const SERVERS: readonly Server[] = [
  { program: "apache", path: "/usr/sbin/apache2" },
  { program: "nginx", path: "/usr/sbin/nginx" },
  { program: "busybox", path: "/usr/bin/busybox" },
  { program: "python3", path: "/usr/bin/python3" },
];
const ROOT = "/var/lib/lvsctl/web-lab/pages";
const STATE: WebServerState = { port: 80, root: ROOT, running: true };

let host: ThrowAwayHost;

beforeEach(async () => {
  host = await throwAwayHost();
  // As the ledger's folder is: closed to the user that the servers run as.
  await host.run(`umask 077; mkdir -p ${ROOT}; umask 022; echo rs1 > ${ROOT}/index.html; chmod 755 ${ROOT}`);
});

afterEach(() => host.end());

describe.each(SERVERS)("$program", (server) => {
  test("is installed here", async () => {
    const { status } = await host.run(`[ -x ${server.path} ]`);
    expect(status, `this test needs ${server.path}: install the Debian package that brings it`).toBe(0);
  });

  test("serves the page after the session's end, and goes without a trace", async () => {
    const processes = await host.processes();
    const before = using(server, await host.observe(webServer, [STATE]));
    expect(before.states.size).toBe(0);
    expect(webServer.problem?.(STATE, before, false)).toBeUndefined();

    expect(await host.apply(webServer, { before: undefined, after: STATE }, before)).toMatchObject({
      stderr: "",
      status: 0,
    });
    for (const address of await addresses()) expect(await fetched(`http://${address}:80/`), address).toBe("rs1\n");

    const during = using(server, await host.observe(webServer, [STATE]));
    expect(during.states.get("port 80")).toEqual(STATE);
    expect(webServer.problem?.(STATE, during, true)).toBeUndefined();

    expect(await host.apply(webServer, { before: STATE, after: undefined }, during)).toMatchObject({
      stderr: "",
      status: 0,
    });
    const after = await host.observe(webServer, [STATE]);
    expect(after.states.size).toBe(0);
    expect(after.detail.listening.has(80)).toBe(false);
    expect(await host.processes()).toEqual(processes);
    expect((await host.run("cd /var/lib; find . -type f; ls lvsctl/web-lab; ls /run")).stdout).toBe(
      "./lvsctl/web-lab/pages/index.html\npages\n",
    );
  });

  test("does not run as root", async () => {
    await start(server);
    const { stdout } = await host.run(
      "busybox ps -o user,args | grep -v grep | grep -c -E '^nobody.*(apache|nginx|httpd|serve.py)'",
    );
    expect(Number(stdout)).toBeGreaterThan(0);
  });
});

test("another folder is served after an update", async () => {
  const [, nginx] = SERVERS;
  if (!nginx) throw new Error("no nginx");
  await start(nginx);
  await host.run(`mkdir -p ${ROOT}-2; echo other > ${ROOT}-2/index.html`);
  const observed = using(nginx, await host.observe(webServer, [STATE]));
  const other = { ...STATE, root: `${ROOT}-2` };
  expect(webServer.diff(STATE, other)).toEqual(["root"]);
  expect((await host.apply(webServer, { before: STATE, after: other }, observed)).status).toBe(0);
  expect(await fetched("http://127.0.0.1/")).toBe("other\n");
  expect((await host.observe(webServer, [STATE])).states.get("port 80")).toEqual(other);
});

async function start(server: Server): Promise<void> {
  const observed = using(server, await host.observe(webServer, [STATE]));
  const { stderr, status } = await host.apply(webServer, { before: undefined, after: STATE }, observed);
  expect(status, stderr).toBe(0);
}

/** The host as if this were the one server that it has. */
function using(
  server: Server,
  observed: Observed<WebServerState, WebServerDetail>,
): Observed<WebServerState, WebServerDetail> {
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
