/** Files that must outlive a power cut: they are on the disk before they take their place. */
import { posix } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { insertScript, removeScript } from "../../src/resources/boot/rc-local.ts";
import { bootUnit } from "../../src/resources/boot-unit.ts";
import { file } from "../../src/resources/file.ts";
import { context, type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

const UNIT = {
  topology: context.topology,
  text: "as planned",
  enabled: true,
  script: "whole",
  service: "started",
} as const;

let host: ThrowAwayHost;

beforeEach(async () => {
  host = await throwAwayHost();
  for (const name of ["sync", "mv"]) await replace(name, `exec /usr/bin/${name} "$@"`);
});
afterEach(() => host.end());

async function replace(name: string, script: string): Promise<void> {
  const text = `#!/bin/sh\necho "${name} $*" >>/run/order\n${script}`;
  await host.run(`cat >/usr/local/sbin/${name} <<'END'\n${text}\nEND\nchmod +x /usr/local/sbin/${name}`);
}

const order = async () => (await host.run("cat /run/order; rm -f /run/order")).stdout.trim().split("\n");

it("a file", async () => {
  const path = "/var/lib/lvsctl/web-lab/page";
  const state = { path, content: "new", mode: "0644" };
  const write = async () =>
    (await host.apply(file, { before: undefined, after: state }, await host.observe(file, [state]))).status;
  const draft = "/var/lib/lvsctl/web-lab/.page.lvsctl";
  expect(await write()).toBe(0);
  expect(await order()).toEqual([`sync ${draft}`, `mv -f ${draft} ${path}`, "sync /var/lib/lvsctl/web-lab"]);
  await replace("sync", "exit 1");
  expect(await write()).not.toBe(0);
  expect((await order()).length).toBe(1);
  expect((await host.run(`ls -A ${path} ${draft}`)).stdout).toBe(`${path}\n`);
});

it("what a power cut leaves before a file is in its place goes with the undo", async () => {
  const state = { path: "/var/lib/lvsctl/web-lab/page", content: "new", mode: "0644" };
  await host.run("mkdir -p /var/lib/lvsctl/web-lab; echo half >/var/lib/lvsctl/web-lab/.page.lvsctl");
  const undo = { before: state, after: undefined };
  expect((await host.apply(file, undo, await host.observe(file, [state]))).status).toBe(0);
  expect((await host.run("ls -A /var/lib/lvsctl")).stdout).toBe("");

  await host.run(`mkdir -p /run/systemd/system; mount -t tmpfs none /etc/systemd; mkdir /etc/systemd/system`);
  await replace("systemctl", '[ "$1 $2" != "-q is-active" ]');
  const [ours, theirs] = [`lvsctl-${context.topology}.service.lvsctl`, "theirs.service.lvsctl"];
  await host.run(`cd /etc/systemd/system; echo half >${ours}; echo half >${theirs}`);
  const taken = { before: UNIT, after: undefined };
  expect((await host.apply(bootUnit, taken, await host.observe(bootUnit, [UNIT]))).status).toBe(0);
  expect((await host.run("ls -A /etc/systemd/system")).stdout).toBe(`${theirs}\n`);
});

it("systemd's unit, and what it adds to a service that may delete our rules", async () => {
  await host.run(`mkdir -p /run/systemd/system
for folder in /etc/systemd /etc/init.d /lib/systemd/system; do mount -t tmpfs none $folder; done
mkdir /etc/systemd/system; touch /lib/systemd/system/nftables.service`);
  await replace("systemctl", ":");
  const path = `/etc/systemd/system/lvsctl-${context.topology}.service`;
  const wants = "/etc/systemd/system/multi-user.target.wants";
  const added = `/etc/systemd/system/nftables.service.d/lvsctl-${context.topology}.conf`;
  const bare = await host.observe(bootUnit, [UNIT]);
  const asked = ["ActiveState", "ExecReload"].map((name) => expect.stringMatching(`^systemctl show .* ${name} `));
  expect(await order()).toEqual(asked);
  const { status } = await host.apply(bootUnit, { before: undefined, after: UNIT }, bare);
  expect(status).toBe(0);
  expect(await order()).toEqual([
    `sync ${path}.lvsctl`,
    `mv -f ${path}.lvsctl ${path}`,
    `sync ${added}.lvsctl`,
    `mv -f ${added}.lvsctl ${added}`,
    `sync /etc/systemd/system /etc/systemd/system/nftables.service.d ${wants}`,
    "systemctl daemon-reload",
    `systemctl is-active ${posix.basename(path)}`,
  ]);
});

it("rc.local, which holds lines of others, with our lines and without", async () => {
  const path = "/var/lib/rc.local";
  const saved = [`sync ${path}.lvsctl`, `mv -f ${path}.lvsctl ${path}`, "sync /var/lib"];
  const theirs = "#!/bin/sh\nothers\nexit 0\n";
  await host.run(`cat >${path} <<'END'\n${theirs}END`);
  expect((await host.run(insertScript(path, "demo", theirs))).status).toBe(0);
  expect(await order()).toEqual(saved);
  expect((await host.run(removeScript(path, "demo"))).status).toBe(0);
  expect(await order()).toEqual(saved);
  await replace("sync", "exit 1");
  expect((await host.run(insertScript(path, "demo", theirs))).status).not.toBe(0);
  expect((await host.run(`cat ${path}`)).stdout).toBe(theirs);
});
