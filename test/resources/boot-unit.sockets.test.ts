/** What starts us at boot, tried by real shells on files and on a throw-away host, and by systemd's own judgement. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openrcScript, rcLocalBlock, systemdUnit } from "../../src/resources/boot/boot-manager.ts";
import { blockIn, insertScript, isBehindEnd, removeScript, unendedIn } from "../../src/resources/boot/rc-local.ts";
import { restoreHooks } from "../../src/resources/boot/restore-hooks.ts";
import { type BootUnitState, bootUnit } from "../../src/resources/boot-unit.ts";
import { joinParts } from "../../src/resources/network.ts";
import { LAST_STEPS } from "../../src/resources/state-folder.ts";
import { runProcess } from "../../src/transport/process.ts";
import { isLongRun, shareOf } from "../helpers/long-run.ts";
import { watched } from "../helpers/watched-process.ts";
import { context, type ThrowAwayHost, type Tools, throwAwayHost } from "./throw-away-host.ts";

const TOPOLOGY = "web-lab";
const BLOCK = rcLocalBlock(TOPOLOGY).join("\n");

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
  path = join(folder, "rc.local");
});

afterEach(() => rmSync(folder, { recursive: true }));

const SHELLS = ["sh", "busybox sh"];

describe.each(SHELLS)("rc.local, by %s", (name) => {
  const shell = name.split(" ");
  const files: Readonly<Record<string, string>> = {
    "one that ends in exit 0": "#!/bin/sh -e\necho theirs\nexit 0\n",
    "one with a blank after its exit": "#!/bin/sh -e\necho theirs\nexit 0 \n",
    "one with a remark after its exit": "#!/bin/sh -e\necho theirs\n\texit 0; # done\n# the end",
    "one that exits in a line with something else": "#!/bin/sh -e\necho theirs; exit $?\n",
    "one that becomes another program": "#!/bin/sh -e\necho theirs\nexec true\n",
    "one whose last line has no end": "#!/bin/sh\necho theirs",
    "one whose exit has no end": "#!/bin/sh\nexit 0",
    "one with empty lines at its end": "#!/bin/bash\ntouch /var/lock/subsys/local\n\n\n",
    "one that is only a first line": "#!/bin/sh\n",
    "an empty one": "",
  };

  test.each(shareOf(Object.entries(files), name, SHELLS))(
    "%s holds our lines and then is what it was, byte for byte",
    async (_name, text) => {
      writeFileSync(path, text);
      chmodSync(path, 0o750);
      await run(shell, insertScript(path, TOPOLOGY, text));
      const with_ = readFileSync(path, "utf8");
      expect(blockIn(with_, TOPOLOGY)?.join("\n")).toBe(BLOCK);
      expect(unendedIn(with_, TOPOLOGY)).toBeUndefined();
      expect(with_.indexOf(`\n${BLOCK.split("\n")[1]}`)).toBeGreaterThan(0);
      expect(isBehindEnd(with_, TOPOLOGY)).toBe(false);
      writeFileSync(join(folder, "run"), with_.replace(BLOCK.split("\n")[1] ?? "", "echo ours"));
      expect((await watched([...shell, join(folder, "run")]).ended).stdout).toContain("ours\n");
      await run(shell, insertScript(path, TOPOLOGY, with_));
      expect(readFileSync(path, "utf8")).toBe(with_);
      expect(statSync(path).mode & 0o7777).toBe(0o750);
      await run(shell, removeScript(path, TOPOLOGY));
      expect(readFileSync(path, "utf8")).toBe(text);
      expect(statSync(path).mode & 0o7777).toBe(0o750);
    },
  );

  test("where there is none it comes and goes, and stays for what others have written into it since", async () => {
    await run(shell, insertScript(path, TOPOLOGY, ""));
    expect(statSync(path).mode & 0o7777).toBe(0o755);
    expect(blockIn(readFileSync(path, "utf8"), TOPOLOGY)?.join("\n")).toBe(BLOCK);
    await run(shell, removeScript(path, TOPOLOGY));
    expect(existsSync(path)).toBe(false);
    await run(shell, insertScript(path, TOPOLOGY, ""));
    writeFileSync(path, "echo theirs\n", { flag: "a" });
    await run(shell, removeScript(path, TOPOLOGY));
    expect(readFileSync(path, "utf8")).toBe("#!/bin/sh\necho theirs\n");
  });

  test("lines of ours behind its end are seen, and moved before it", async () => {
    const text = `#!/bin/sh\nexit 0 # done\n${BLOCK}\n`;
    writeFileSync(path, text);
    expect(isBehindEnd(text, TOPOLOGY)).toBe(true);
    await run(shell, insertScript(path, TOPOLOGY, text));
    expect(readFileSync(path, "utf8")).toBe(`#!/bin/sh\n${BLOCK}\nexit 0 # done\n`);
  });

  test("one that has changed since it was read stays as it is", async () => {
    writeFileSync(path, "#!/bin/sh\necho theirs\nexit 0\n");
    const script = insertScript(path, TOPOLOGY, "#!/bin/sh\nexit 0\n");
    const { status, stderr } = await watched([...shell, "-c", script]).ended;
    expect([status, stderr]).toEqual([1, `${path} is not as it was when it was read\n`]);
    expect(readFileSync(path, "utf8")).toBe("#!/bin/sh\necho theirs\nexit 0\n");
  });

  const [begin = "", command = "", end = ""] = BLOCK.split("\n");
  test.each<[string, readonly string[]]>([
    ["no end", [begin, command, "echo theirs"]],
    [
      "no end before another topology's",
      [begin, command, "echo theirs", "# lvsctl other: begin", "echo other", "# lvsctl other: end"],
    ],
    ["their end after lines that begin again", [begin, command, "echo theirs", begin, command, end]],
    ["two ends", [begin, command, end, "echo theirs", begin, command, end]],
  ])("where our lines have %s, nothing is taken away, and the plan stops", async (_name, lines) => {
    const text = `#!/bin/sh\necho before\n${lines.join("\n")}\necho after\n`;
    writeFileSync(path, text);
    expect(unendedIn(text, TOPOLOGY)).toBe(3);
    for (const script of [removeScript(path, TOPOLOGY), insertScript(path, TOPOLOGY, text)]) {
      const { status, stderr } = await watched([...shell, "-c", script]).ended;
      expect([status, stderr]).toEqual([
        1,
        `${path} has lines of lvsctl's for ${TOPOLOGY}, and nobody can say where they end\n`,
      ]);
      expect(readFileSync(path, "utf8")).toBe(text);
      expect(readdirSync(folder)).toEqual(["rc.local"]);
    }
  });

  test("a link to it stays a link, and the lines of another topology stay", async () => {
    const target = join(folder, "real");
    writeFileSync(target, "#!/bin/sh\n");
    symlinkSync("real", path);
    await run(shell, insertScript(path, "other", readFileSync(path, "utf8")));
    await run(shell, insertScript(path, TOPOLOGY, readFileSync(path, "utf8")));
    expect(readFileSync(path, "utf8").endsWith(`${BLOCK}\n`)).toBe(true);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    await run(shell, removeScript(path, TOPOLOGY));
    expect(blockIn(readFileSync(target, "utf8"), "other")).toBeDefined();
    expect(blockIn(readFileSync(target, "utf8"), TOPOLOGY)).toBeUndefined();
  });
});

test("the lines run what they should by sh, and the service of OpenRC is a shell script", async () => {
  writeFileSync(path, `${BLOCK}\n`);
  expect(await runProcess(["sh", "-n", path])).toMatchObject({ status: 0, stderr: "" });
  writeFileSync(path, openrcScript(TOPOLOGY).text);
  expect(await runProcess(["sh", "-n", path])).toMatchObject({ status: 0, stderr: "" });
});

const UNIT: BootUnitState = {
  ...{ topology: TOPOLOGY, text: "as planned", enabled: true, script: "whole", service: "started" },
};
/** What a plan has besides. */
const PLANNED = { states: [UNIT], network: joinParts([]), isBroughtBack: false };

/** How a host comes to be one that starts programs by this manager, the file that is ours there, and the link to it. */
const MANAGERS = {
  systemd: {
    setUp: "mkdir -p /run/systemd/system",
    path: "/etc/systemd/system/lvsctl-web-lab.service",
    link: "/etc/systemd/system/multi-user.target.wants/lvsctl-web-lab.service",
  },
  openrc: {
    setUp: "touch /usr/sbin/openrc-run; mkdir -p /run/openrc; touch /run/openrc/softlevel",
    path: "/etc/init.d/lvsctl-web-lab",
    link: "/etc/runlevels/default/lvsctl-web-lab",
  },
  "rc.local": { setUp: "rm -f /etc/rc.local", path: "/etc/rc.local", link: undefined },
  "Red Hat's rc.local": {
    setUp: `mkdir -p /etc/rc.d; ln -sfn rc.d/rc.local /etc/rc.local; cd /etc/rc.d
printf '#!/bin/sh\\nexit 0\\n' >rc.local; chmod 755 rc.local`,
    path: "/etc/rc.d/rc.local",
    link: undefined,
  },
} as const;

/** What the host has written into /etc. */
const LIST = "cd /run/etc/new && find . -type f -o -type l | sort | xargs -r md5sum";

const HOSTS = (["gnu", "busybox"] as const).flatMap((tools) =>
  Object.entries(MANAGERS).map(([manager, own]) => ({ manager, tools, ...own })),
);

/** In a long run all of them. */
const USUAL_HOSTS = HOSTS.filter(
  ({ manager, tools }) => isLongRun || tools === (manager === "openrc" ? "busybox" : "gnu"),
);

/** What the boot manager is told in all, once each. */
const CALLS: Readonly<Record<string, string>> = {
  systemd: [
    "--no-block start lvsctl-web-lab.service",
    "--no-block start lvsctl-web-lab.service, up",
    "--no-block start lvsctl-web-lab@systemd-networkd.service",
    "--no-block stop lvsctl-web-lab.service",
    "--no-block stop lvsctl-web-lab@systemd-networkd.service",
    "-q is-active lvsctl-web-lab.service",
    "-q is-active lvsctl-web-lab.service, up",
    "-q is-active lvsctl-web-lab@systemd-networkd.service",
    "-q is-active systemd-networkd",
    "daemon-reload",
    "is-active lvsctl-web-lab.service",
    "reset-failed lvsctl-web-lab.service",
    "reset-failed lvsctl-web-lab@systemd-networkd.service",
    "show -p Id -p ActiveState -p Job lvsctl-web-lab.service",
    "",
  ].join("\n"),
  openrc: ["-q --ifstarted lvsctl-web-lab stop", "-q lvsctl-web-lab start", "-q lvsctl-web-lab start, up", ""].join(
    "\n",
  ),
};

describe.each(USUAL_HOSTS)("$manager on a host with $tools tools", ({ tools, setUp, path, link }) => {
  let host: ThrowAwayHost;
  afterEach(() => host.end());

  test("gets a unit that is seen, mended when somebody has edited or disabled it, and taken away without a trace", async () => {
    host = await begin(tools, setUp);
    const files = await host.run(LIST);
    expect(files).toMatchObject({ stderr: "", status: 0 });
    const bare = await host.observe(bootUnit, [UNIT]);
    expect(bare.states.size).toBe(0);
    expect(bootUnit.problem?.(UNIT, bare, false)).toBeUndefined();
    expect(await host.apply(bootUnit, { before: undefined, after: UNIT }, bare)).toMatchObject({
      stderr: "",
      status: 0,
    });
    expect(await observed()).toEqual(UNIT);
    const text = (await host.run(`cat ${path}`)).stdout;

    const edits = link ? [`echo '# edited' >>${path}`, `rm ${link}`] : [`sed -i 's/exec/echo/' ${path}`];
    if (path.startsWith("/etc/systemd")) edits.push("touch /run/stopped-lvsctl-web-lab.service"); // As a boot that fails leaves it.
    for (const edit of edits) {
      await host.run(edit);
      const before = await observed();
      expect(before).not.toEqual(UNIT);
      const seen = await host.observe(bootUnit, [UNIT]);
      expect(await host.apply(bootUnit, { before, after: UNIT }, seen)).toMatchObject({ stderr: "", status: 0 });
      expect(await observed()).toEqual(UNIT);
      expect((await host.run(`cat ${path}`)).stdout).toBe(text);
    }

    const there = await host.observe(bootUnit, [UNIT]);
    const off = { ...UNIT, enabled: false };
    if (link) {
      expect(await host.apply(bootUnit, { before: UNIT, after: off }, there)).toMatchObject({ stderr: "", status: 0 });
      expect(await observed()).toEqual(off);
      expect(await host.apply(bootUnit, { before: off, after: UNIT }, there)).toMatchObject({ stderr: "", status: 0 });
    }
    expect(await host.apply(bootUnit, { before: UNIT, after: undefined }, there)).toMatchObject({
      stderr: "",
      status: 0,
    });
    expect((await host.observe(bootUnit, [UNIT])).states.size).toBe(0);
    expect(await host.run(LIST)).toEqual(files);
    expect((await host.run("ls -A /run/lvsctl | grep -vx progress")).stdout).toBe("");
    expect((await host.run(`[ -e /run/calls ] && sort -u /run/calls`)).stdout).toBe(
      CALLS[/systemd|openrc/.exec(setUp)?.[0] ?? ""] ?? "",
    );
  });

  async function observed(): Promise<BootUnitState | undefined> {
    return (await host.observe(bootUnit, [UNIT])).states.get(TOPOLOGY);
  }
});

describe.each(USUAL_HOSTS)(
  "$manager on a host with $tools tools, restarted in the middle of a run",
  ({ tools, setUp }) => {
    let host: ThrowAwayHost;
    afterEach(() => host.end());

    test("is told nothing when the run is rolled back, and word is left for its end", async () => {
      host = await begin(tools, `${setUp}\nrm -r /run/lvsctl\ntouch /run/stopped-lvsctl-web-lab.service`);
      const bare = await host.observe(bootUnit, [UNIT]);
      await host.apply(bootUnit, { before: undefined, after: UNIT }, bare);
      expect((await host.run("ls /run/lvsctl")).stdout).toBe("web-lab.again\n");
      expect((await host.run("grep -E 'start lvsctl-web-lab.service|lvsctl-web-lab start' /run/calls")).stdout).toBe(
        "",
      );
      expect((await host.run("stat -c %a /run/lvsctl")).stdout).toBe("700\n");
    });
  },
);

describe.each(USUAL_HOSTS)(
  "$manager on a host with $tools tools, in a run that is not confirmed yet",
  ({ tools, setUp, path }) => {
    const beginRun = `mkdir -p ${posix.dirname(LAST_STEPS)}; touch /run/lvsctl/wanted`;
    let host: ThrowAwayHost;
    afterEach(() => host.end());

    test("keeps what rolls the run back at boot until it is", async () => {
      host = await begin(tools, setUp);
      const files = (await host.run(LIST)).stdout;
      await host.apply(bootUnit, { before: undefined, after: UNIT }, await host.observe(bootUnit, [UNIT]));
      const made = (await host.run(LIST)).stdout;
      expect(made).not.toBe(files);
      const there = await host.observe(bootUnit, [UNIT]);
      await host.run(`${beginRun}; rm -f /run/calls`);
      expect(await host.apply(bootUnit, { before: UNIT, after: undefined }, there)).toMatchObject({ status: 0 });
      expect((await host.run(LIST)).stdout).toBe(made);
      expect((await host.run("cat /run/calls")).stdout).not.toContain("stop");
      expect(await host.run(`sh -e ${LAST_STEPS}`)).toMatchObject({ status: 0, stderr: "" });
      expect((await host.run(LIST)).stdout).toBe(files);
    });

    test("does not begin what it could not do in the end", async () => {
      host = await begin(tools, setUp);
      await host.apply(bootUnit, { before: undefined, after: UNIT }, await host.observe(bootUnit, [UNIT]));
      const there = await host.observe(bootUnit, [UNIT]);
      const folder = posix.dirname(path);
      await host.run(`${beginRun}; mount --bind ${folder} ${folder}; mount -o remount,ro,bind ${folder}`);
      const { status, stderr } = await host.apply(bootUnit, { before: UNIT, after: undefined }, there);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/read-only/i);
      expect((await host.run(`ls ${LAST_STEPS}`)).status).not.toBe(0);
    });
  },
);

test.each([
  ["systemd", "touch /run/starting-lvsctl-web-lab.service"],
  ["openrc", "export RC_SVCNAME=lvsctl-web-lab"],
] as const)("a service of %s that rolls a run back itself leaves no word", async (manager, starting) => {
  const host = await begin("gnu", `${MANAGERS[manager].setUp}\nrm -r /run/lvsctl`);
  const bare = await host.observe(bootUnit, [UNIT]);
  const making = bootUnit.commands(
    [{ kind: "boot-unit", key: TOPOLOGY, before: undefined, after: UNIT }],
    bare,
    context,
  );
  for (const { script } of making) expect((await host.run(`${starting}\n${script}`)).status).toBe(0);
  expect((await host.run("ls /etc/*/*lvsctl-web-lab* /etc/systemd/system/lvsctl-web-lab.service")).stdout).not.toBe("");
  expect((await host.run("ls /run/lvsctl")).status).not.toBe(0);
  await host.end();
});

/** What a host with systemd has of firewalld, NetworkManager and ifupdown, as far as anybody looks. */
const MANAGED = `${MANAGERS.systemd.setUp}
mkdir -p /etc/network/if-up.d /etc/NetworkManager/dispatcher.d
touch /etc/init.d/firewalld /etc/init.d/ufw
cat >/run/shown <<'END'
Id=firewalld.service
ExecReload={ path=/bin/kill ; argv[]=/bin/kill -HUP $MAINPID ; ignore_errors=no ; }
ExecReload={ path=/bin/sh ; argv[]=/bin/sh -c touch /run/lvsctl-asked/web-lab:rules ; ignore_errors=yes ; }

Id=ufw.service
ExecReload={ path=/bin/sh ; argv[]=/bin/sh -c touch /run/lvsctl-asked/other:rules ; ignore_errors=yes ; }
END`;

/** All files of ours in /etc, with their permissions. */
const OURS = "cd /etc && find . -type f -name '*lvsctl*' -printf '%m %p\\n' | sort";

describe("on a host whose services delete what is not theirs", () => {
  let host: ThrowAwayHost;
  afterEach(() => host.end());

  test("each of them starts our unit again, what is edited is mended, and their own folders stay, empty ones too", async () => {
    host = await begin("gnu", MANAGED);
    await host.run("rm -rf /etc/network/if-up.d/*");
    const bare = await host.observe(bootUnit, [UNIT]);
    expect(bare.detail.hooked).toEqual(expect.arrayContaining(["firewalld", "ufw", "systemd-networkd"]));
    const made = await host.apply(bootUnit, { before: undefined, after: UNIT }, bare);
    expect(made).toMatchObject({ stderr: "", status: 0 });
    expect((await host.run(OURS)).stdout.split("\n")).toEqual(
      expect.arrayContaining([
        "755 ./NetworkManager/dispatcher.d/90-lvsctl-web-lab",
        "755 ./network/if-up.d/90-lvsctl-web-lab",
        "644 ./systemd/system/firewalld.service.d/lvsctl-web-lab.conf",
        "644 ./systemd/system/lvsctl-web-lab@firewalld.service",
        "644 ./systemd/system/lvsctl-web-lab@systemd-networkd.service",
        "644 ./systemd/system/ufw.service.d/lvsctl-web-lab.conf",
      ]),
    );
    // A service that cannot be reloaded without us cannot with us: tools restart it.
    const reloads = await host.run("cd /etc/systemd/system && grep -lr ^ExecReload= --include=lvsctl-web-lab.conf .");
    expect(reloads.stdout).toBe("./firewalld.service.d/lvsctl-web-lab.conf\n");
    // firewalld runs, so what waits for its reloads is started at once.
    expect((await host.run("cat /run/calls")).stdout).toContain("--no-block start lvsctl-web-lab@firewalld.service");

    const runs = (script: string, ...args: readonly string[]) =>
      host.run(`sed 's#/bin/systemctl#systemctl#' ${script} | IFACE=eth0 sh -s - ${args.join(" ")}`);
    await runs("/etc/network/if-up.d/90-lvsctl-web-lab");
    for (const event of ["up", "down"]) await runs("/etc/NetworkManager/dispatcher.d/90-lvsctl-web-lab", "eth0", event);
    await host.run("echo >>/etc/network/if-up.d/90-lvsctl-web-lab");
    const restarts = (await host.run("grep -c 'reload-or-try-restart lvsctl-web-lab.service' /run/calls")).stdout;
    expect(restarts).toBe("2\n"); // Not for an interface that goes down.

    const edited = await host.observe(bootUnit, [UNIT]);
    expect(edited.states.get(TOPOLOGY)).toMatchObject({ text: "changed" });
    await host.apply(bootUnit, { before: { ...UNIT, text: "changed" } as const, after: UNIT }, edited);
    const mended = await host.observe(bootUnit, [UNIT]);
    expect(mended.states.get(TOPOLOGY)).toEqual(UNIT);
    const removed = await host.apply(bootUnit, { before: UNIT, after: undefined }, mended);
    expect(removed).toMatchObject({ stderr: "", status: 0 });
    expect((await host.run(OURS)).stdout).toBe("");
    expect((await host.run("ls -d /run/lvsctl-asked")).status).not.toBe(0);
    expect(await host.run("ls -d /etc/network/if-up.d /etc/NetworkManager/dispatcher.d")).toMatchObject({ status: 0 });
    expect((await host.run("ls -d /etc/systemd/system/firewalld.service.d")).status).not.toBe(0);
  });
});

describe("where systemd does not start a service at once, because that waits for the network", () => {
  let host: ThrowAwayHost;
  afterEach(() => host.end());

  test("nobody waits for long, no mark is left, and what still waits is rolled back with the unit", async () => {
    host = await begin("gnu", `${MANAGERS.systemd.setUp}; touch /run/slow /run/stopped-lvsctl-web-lab.service`);
    const bare = await host.observe(bootUnit, [UNIT]);
    const made = await host.apply(bootUnit, { before: undefined, after: UNIT }, bare);
    expect(made).toMatchObject({ stderr: "", status: 0 });
    expect((await host.run("ls -A /run/lvsctl | grep -vx progress")).stdout).toBe("");
    const there = await host.observe(bootUnit, [UNIT]);
    const removed = await host.apply(bootUnit, { before: UNIT, after: undefined }, there);
    expect(removed).toMatchObject({ stderr: "", status: 0 });
    const calls = (await host.run("cat /run/calls")).stdout;
    expect(calls).toContain("--no-block start lvsctl-web-lab.service, up\n");
    expect(calls).toContain("--no-block stop lvsctl-web-lab.service\n");
  });
});

const PLUGINS = "/usr/share/netfilter-persistent/plugins.d";

describe.each([
  ["read-only", "mount -o remount,ro /usr/share", `${PLUGINS} is read-only`],
  ["writable", ":", undefined],
])("on a host with netfilter-persistent whose /usr/share is %s", (_how, freeze, warning) => {
  let host: ThrowAwayHost;
  afterEach(() => host.end());

  test("all of ours is made that can be made, and a plan warns of the rest", async () => {
    host = await begin(
      "gnu",
      `${MANAGERS.systemd.setUp}\nmount -t tmpfs none /usr/share; mkdir -p ${PLUGINS}; touch /etc/init.d/netfilter-persistent; ${freeze}`,
    );
    const bare = await host.observe(bootUnit, [UNIT]);
    expect((bootUnit.caveats?.(UNIT, bare, PLANNED) ?? []).map(({ message }) => message)).toEqual([
      expect.stringContaining("in memory"), // All that such a host writes.
      ...(warning === undefined ? [] : [expect.stringContaining(warning)]),
    ]);
    const made = await host.apply(bootUnit, { before: undefined, after: UNIT }, bare);
    expect(made).toMatchObject({ stderr: "", status: 0 });
    const there = await host.observe(bootUnit, [UNIT]);
    expect(there.states.get(TOPOLOGY)).toEqual(UNIT);
    expect((await host.run(`ls ${PLUGINS}`)).stdout).toBe(warning === undefined ? "90-lvsctl-web-lab\n" : "");
    expect((await host.run(`cat ${DROP_IN("netfilter-persistent")}`)).stdout).toContain("ExecStartPost=");
    const removed = await host.apply(bootUnit, { before: UNIT, after: undefined }, there);
    expect(removed).toMatchObject({ stderr: "", status: 0 });
  });
});

/** What a host with such an /etc and /var/lib is warned of. */
const MEMORY = {
  both: "and /var/lib (tmpfs) are in memory.",
  state:
    "/var/lib (tmpfs) is in memory. Unless somebody saves them, a restart of the host deletes the ledger and the restore script there",
  start: "in memory. Unless somebody saves them, a restart of the host deletes the files that start it at boot there",
} as const;

/** An /etc and a /var/lib that are not in memory, as far as anybody can tell; /var/tmp is on a disk. */
const ETC_ON_DISK = (disk: string) => `cp -a /etc ${disk}/etc; mount --bind ${disk}/etc /etc`;
const STATE_ON_DISK = (disk: string) => `mkdir ${disk}/lib; mount --bind ${disk}/lib /var/lib`;
const HIDDEN = `mkdir -p /run/hidden; mount -t tmpfs none /run/hidden
for folder in /etc /var/lib; do
mkdir -p /run/hidden$folder/new /run/hidden$folder/work
mount -t overlay -o lowerdir=$folder,upperdir=/run/hidden$folder/new,workdir=/run/hidden$folder/work overlay $folder
done
umount -l /run/hidden`;

describe.each([
  { tools: "gnu", manager: "systemd", started: "/etc/systemd/system (overlay on tmpfs)" },
  { tools: "busybox", manager: "openrc", started: "/etc/init.d (overlay on tmpfs)" },
  { tools: "busybox", manager: "rc.local", started: "/etc (overlay on tmpfs)" },
] as const)("with $manager and $tools tools, a plan", ({ tools, manager, started }) => {
  let host: ThrowAwayHost;
  let disk: string;
  beforeEach(() => {
    disk = mkdtempSync("/var/tmp/lvsctl-test-");
  });
  afterEach(async () => {
    await host.end();
    rmSync(disk, { recursive: true });
  });

  const caveats = async (setUp: string) => {
    host = await begin(
      tools,
      `mkdir -p /etc/runlevels/default /etc/init.d /etc/systemd/system\n${MANAGERS[manager].setUp}\n${setUp}`,
    );
    return bootUnit.caveats?.(UNIT, await host.observe(bootUnit, [UNIT]), PLANNED) ?? [];
  };

  const managers = ["systemd", "openrc", "rc.local"];
  const warned = [
    ["in memory", () => ":", [`${started}`, MEMORY.both]],
    ["in memory, and the state on a disk", STATE_ON_DISK, [started, MEMORY.start]],
    ["on a disk, and the state in memory", ETC_ON_DISK, [MEMORY.state]],
  ] as const;
  test.each(shareOf(warned, manager, managers))("warns where the start-up is %s", async (_where, setUp, texts) => {
    const [found, ...more] = await caveats(setUp(disk));
    expect(more).toEqual([]);
    for (const text of texts) expect(found?.message).toContain(text);
    expect(found?.message).toMatch(/ there, and then nothing of web-lab comes back\.$/);
    expect(found?.hint).toContain("lbu include /var/lib/lvsctl");
    expect(found?.hint).toContain("write persist: false");
  });

  const silent = [
    ["both are on a disk", (folder: string) => `${ETC_ON_DISK(folder)}\n${STATE_ON_DISK(folder)}`],
    [
      "our own folder is on a disk",
      (folder: string) =>
        `${ETC_ON_DISK(folder)}\nmkdir ${folder}/own /var/lib/lvsctl; mount --bind ${folder}/own /var/lib/lvsctl`,
    ],
    ["nobody can see where an overlay writes, as in a container or a lab", () => HIDDEN],
  ] as const;
  test.each(shareOf(silent, manager, managers))("says nothing where %s", async (_where, setUp) => {
    expect(await caveats(setUp(disk))).toEqual([]);
  });
});

test("a systemd whose folder for units is read-only is a problem for the plan", async () => {
  const host = await begin("gnu", `${MANAGERS.systemd.setUp}\nmount -t tmpfs none /etc/systemd/system`);
  expect(bootUnit.problem?.(UNIT, await host.observe(bootUnit, [UNIT]), false)).toBeUndefined();
  await host.run("mount -o remount,ro /etc/systemd/system");
  expect(bootUnit.problem?.(UNIT, await host.observe(bootUnit, [UNIT]), false)?.message).toContain(
    "/etc/systemd/system is read-only",
  );
  await host.end();
});

const DROP_IN = (service: string) => `/etc/systemd/system/${service}.service.d/lvsctl-web-lab.conf`;

/** A host that writes /etc and /usr/sbin in memory, with a systemctl and an rc-service that note what they are asked. */
async function begin(tools: Tools, setUp: string): Promise<ThrowAwayHost> {
  const host = await throwAwayHost(tools);
  const { status, stderr } = await host.run(`set -e
for folder in /etc /usr/sbin; do
  mkdir -p /run$folder/new /run$folder/work
  mount -t overlay -o lowerdir=$folder,upperdir=/run$folder/new,workdir=/run$folder/work overlay $folder
done
mkdir -p /run/lvsctl/progress
cat >/usr/local/sbin/systemctl <<'END'
#!/bin/sh
case "$*" in *ExecReload*) cat /run/shown 2>/dev/null; exit ;; esac
if [ -e /run/lvsctl/web-lab.up ]; then echo "$*, up" >>/run/calls; else echo "$*" >>/run/calls; fi
case "$*" in
"--no-block stop "*) touch "/run/stopped-$3" ;;
"--no-block start "*) [ -e /run/slow ] || rm -f "/run/stopped-$3" ;;
"-q is-active "*) [ ! -e "/run/stopped-$3" ] ;;
"is-active "*) [ ! -e "/run/starting-$2" ] || echo activating ;;
"show "*)
  shift 7
  for name; do
    [ -e "/run/stopped-$name" ] && state=failed || state=active
    printf 'Id=%s\\nActiveState=%s\\n\\n' "$name" $state
  done ;;
esac
END
chmod 755 /usr/local/sbin/systemctl
cp /usr/local/sbin/systemctl /usr/local/sbin/rc-service
${setUp}`);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return host;
}

const HAS_SYSTEMD = existsSync("/usr/bin/systemd-analyze");

const watchOf = (service: string) =>
  restoreHooks(TOPOLOGY).find((hook) => hook.path.endsWith(`@${service}.service`))?.text ?? "";

test.skipIf(!HAS_SYSTEMD).each<readonly [what: string, name: string, text: string, line: string]>([
  ["its unit", `lvsctl-${TOPOLOGY}.service`, systemdUnit(TOPOLOGY).text, "Type=oneshot"],
  ...["firewalld", "systemd-networkd", "NetworkManager"].map((service) => {
    const name = `lvsctl-${TOPOLOGY}@${service}.service`;
    return [`the unit that hears ${service}`, name, watchOf(service), "Restart=always"] as const;
  }),
])("systemd understands every line of %s", async (_what, name, text, line) => {
  const unit = join(folder, name);
  for (const service of ["firewalld", "systemd-networkd", "NetworkManager"]) {
    writeFileSync(join(folder, `${service}.service`), "[Service]\nExecStart=/bin/true\n");
  }
  writeFileSync(unit, text);
  const good = await watched(["systemd-analyze", "verify", "--man=no", unit]).ended;
  expect(good).toMatchObject({ status: 0, stderr: "" });
  writeFileSync(unit, text.replace(line, `Wrong${line}`));
  const bad = await watched(["systemd-analyze", "verify", "--man=no", unit]).ended;
  expect(bad.stderr).toContain("Wrong");
});

async function run(shell: readonly string[], script: string): Promise<void> {
  const { status, stderr } = await watched([...shell, "-c", script]).ended;
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
}
