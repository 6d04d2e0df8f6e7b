/** Folders of lvsctl's that another user of the host has planted or could change: nothing that root runs is kept there. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SCRIPT_FILE } from "../../../src/ledger/pending.ts";
import { bootCommand } from "../../../src/resources/boot/boot-manager.ts";
import { bootUnit } from "../../../src/resources/boot-unit.ts";
import { restorePath } from "../../../src/resources/state-folder.ts";
import { wholeScript } from "../../../src/shell/host-script-parts.ts";
import { sh } from "../../../src/shell/quote.ts";
import { formatEnding } from "../../../src/transaction/shell/host-script.ts";
import { ArmedRoot } from "../../helpers/armed-root.ts";
import { shareOf } from "../../helpers/long-run.ts";

const NOBODY = 65534;
const PLANTED = {
  "that is another user's": `mkdir -p $d; chown ${NOBODY} $d`,
  "that everybody can write to": "mkdir -p $d; chmod 0777 $d",
  "that a group can write to": "mkdir -p $d; chmod 0770 $d",
  "that is another user's link": `mkdir -p /var/lib/theirs \${d%/*}; ln -s /var/lib/theirs $d; chown -h ${NOBODY} $d`,
  "that is a link into another user's folder": `mkdir -p /var/lib/theirs \${d%/*}; chown ${NOBODY} /var/lib/theirs; ln -s /var/lib/theirs $d`,
};
const FOLDERS = ["/run/lvsctl", "/var/lib/lvsctl", "/var/lib/lvsctl/demo"];
const cases = FOLDERS.flatMap((folder) =>
  Object.entries(PLANTED).map(([what, script]) => [folder, what, script] as const),
);

const TOOLS = ["gnu", "busybox"] as const;

describe.each(TOOLS)("with the tools of %s", (tools) => {
  let host: ArmedRoot;

  beforeEach(async () => {
    host = new ArmedRoot();
    if (tools === "busybox") await host.replace("stat", 'exec busybox stat "$@"');
  });
  afterEach(() => host.close());

  it.each(shareOf(cases, tools, TOOLS))(
    "%s %s: no run begins there, and nothing is written",
    async (folder, _what, script) => {
      await host.run(`d=${folder}; umask 022\n${script}`);
      const before = await host.run(`ls -Ali ${folder} ${folder}/`);
      expect(await host.arm()).toEqual({ answer: "exposed", status: 1 });
      expect((await host.run(`find ${folder}/ -mindepth 1 ! -path /var/lib/lvsctl/demo`)).stdout).toBe("");
      expect((await host.run(`stat -c '%u %a %F' ${folder}`)).stdout).not.toBe("");
      expect(before.status).toBe(0);
      expect((await host.read()).state.pending).toBeUndefined();
    },
  );

  it("root's own link to a folder of root's is as good as a folder", async () => {
    await host.run(
      "umask 022; mkdir -p /var/lib/elsewhere /var/lib/lvsctl; rmdir /var/lib/lvsctl; ln -s elsewhere /var/lib/lvsctl",
    );
    expect(await host.arm()).toEqual({ answer: "armed", status: 0 });
  });

  it("a link in the place of a run's file is not followed", async () => {
    await host.run(
      "umask 022; mkdir -p /var/lib/lvsctl; echo theirs >/var/lib/theirs; ln -s ../theirs /var/lib/lvsctl/.transaction.new",
    );
    expect(await host.arm()).toEqual({ answer: "armed", status: 0 });
    expect((await host.run("cat /var/lib/theirs")).stdout).toBe("theirs\n");
  });

  const ROOT = "/var/lib/lvsctl";
  const RUN = `${ROOT}/.transaction`;
  const made = async () => (await host.run("cat /run/made")).stdout;
  /** Puts scripts in place as whoever plants them would: with the right last line. */
  const plant = async (...paths: readonly string[]) => {
    const text = wholeScript([], ["echo made >/run/made"]);
    await host.run(`umask 022; mkdir -p ${ROOT}/demo ${RUN}`);
    for (const path of paths) await host.run(sh`umask 022; printf %s ${text} >${path}`);
  };

  const EXPOSED: Readonly<Record<string, string>> = {
    "the script is another user's": `chown ${NOBODY} ${restorePath("demo")}`,
    "a group can write to the script": `chmod 0664 ${restorePath("demo")}`,
    "everybody can write to its folder": `chmod 0777 ${ROOT}/demo`,
    "the folder is another user's": `chown ${NOBODY} ${ROOT}`,
    "the folder of runs is another user's": `chown ${NOBODY} ${RUN}`,
    "a file of a run is another user's": `: >${RUN}/boot; chown ${NOBODY} ${RUN}/boot`,
  };
  it.each(shareOf(Object.entries(EXPOSED), tools, TOOLS))("nothing is run at boot if %s", async (_what, script) => {
    await plant(restorePath("demo"));
    await host.run(script);
    const { status, stdout } = await host.run(bootCommand("demo", "start"));
    expect({ status, stdout }).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^\/var\/lib\/lvsctl\S*: others than root own it or can change it\n$/),
    });
    expect(await made()).toBe("");
  });

  it("what is root's alone is run at boot", async () => {
    await plant(restorePath("demo"));
    expect(await host.run(bootCommand("demo", "start"))).toMatchObject({ status: 0 });
    expect(await made()).toBe("made\n");
  });

  it.each(["confirmed", "id"])(
    "a run that others have planted (%s) is not ended by its own script at boot",
    async (file) => {
      await plant(SCRIPT_FILE);
      await host.run(`echo 00c0ffee >${RUN}/${file}; chown -R ${NOBODY} ${RUN}`);
      expect((await host.run(bootCommand("demo", "start"))).status).toBe(1);
      expect(await made()).toBe("");
      await host.run(`chown -R 0 ${RUN}`);
      await host.run(bootCommand("demo", "start"));
      expect(await made()).toBe("made\n");
    },
  );

  it("a run that others have planted is not ended by its own script by lvsctl, and they are named", async () => {
    await plant(SCRIPT_FILE);
    await host.run(`echo 00c0ffee >${RUN}/id; chown -R ${NOBODY} ${RUN}`);
    const ending = formatEnding("00c0ffee", "demo", "undo");
    expect(await host.run(ending)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`${RUN}: others than root own it`),
    });
    expect(await made()).toBe("");
    await host.run(`chown -R 0 ${RUN}`);
    expect((await host.run(ending)).status).toBe(0);
    expect(await made()).toBe("made\n");
  });

  it("a restore script that others have planted is to be written again, and one of root's is not", async () => {
    await plant(restorePath("demo"));
    await host.run("mkdir -p /run/systemd/system; mount -t tmpfs none /etc/systemd/system");
    const state = { topology: "demo", text: "as planned", enabled: true, script: "whole", service: "started" } as const;
    const context = { topology: "demo", host: "rs1" };
    const script = async () => {
      const outputs = await host.reads(bootUnit.read([state], context));
      return bootUnit.parse(outputs, [state], context).states.get("demo")?.script;
    };
    await host.run("echo '[Unit]' >/etc/systemd/system/lvsctl-demo.service");
    expect(await script()).toBe("whole");
    for (const change of [`chown ${NOBODY}`, "chmod 0664", "chmod 0602"]) {
      await host.run(
        `chown 0 ${restorePath("demo")}; chmod 0644 ${restorePath("demo")}; ${change} ${restorePath("demo")}`,
      );
      expect(await script(), change).toBe("damaged");
    }
  });
});
