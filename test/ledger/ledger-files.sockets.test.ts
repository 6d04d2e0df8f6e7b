/** Ledgers on a real file system: found whatever topology they belong to, trusted or not, and replaced. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { formatLedger, type Ledger, ledgerPath } from "../../src/ledger/ledger.ts";
import { parseLedgerFiles, readLedgers, trustedLedger } from "../../src/ledger/ledger-files.ts";
import { formatRepairScript, keptPath, parseRepair } from "../../src/ledger/repair-script.ts";
import { kinds } from "../../src/resources/kinds.ts";
import { LAST_LINE } from "../../src/shell/host-script-parts.ts";
import { formatReadScript, parseReadOutput } from "../../src/shell/read-script.ts";
import { type ThrowAwayHost, throwAwayHost } from "../resources/throw-away-host.ts";

const root = "/var/lib/lvsctl";
const ledgerOf = (topology: string, text = "1"): Ledger => ({
  topology,
  host: "h",
  entries: [
    {
      kind: "file",
      key: `${root}/${topology}/x`,
      stage: "real-server-web",
      state: { path: `${root}/${topology}/x`, content: `${text}\n\n/var: 'é'\n`, mode: "0644" },
      original: null,
    },
  ],
});

describe.each(["gnu", "busybox"] as const)("with the tools of %s", (tools) => {
  let host: ThrowAwayHost;

  beforeAll(async () => {
    host = await throwAwayHost(tools);
  });
  afterAll(() => host.end());
  beforeEach(() => sh(`rm -rf ${root}`));

  async function sh(script: string): Promise<string> {
    const { status, stderr, stdout } = await host.run(`set -e\n${script}`);
    if (status !== 0) throw new Error(`${script}: ${stderr}`);
    return stdout;
  }

  async function put(topology: string, text = formatLedger(ledgerOf(topology))): Promise<void> {
    await sh(`umask 022; mkdir -p ${root}/${topology}/web-80; umask 077
printf %s ${JSON.stringify(Buffer.from(text).toString("base64"))} | base64 -d >${ledgerPath(topology)}`);
  }

  async function files() {
    const { stdout, stderr } = await host.run(formatReadScript([readLedgers], "nonce0nonce"));
    const outputs = parseReadOutput(stdout, stderr, "nonce0nonce");
    if (!outputs) throw new Error(stderr);
    return parseLedgerFiles(outputs, "h");
  }

  async function trusted(topology: string): Promise<Ledger> {
    const file = (await files()).get(topology);
    if (!file) throw new Error("no such file");
    return trustedLedger(file, "h", kinds);
  }

  it("takes a ledger that cannot be read for none no more than for an empty one", async () => {
    await put("web");
    await sh(`[ ! -e /usr/local/sbin/grep ] || mv /usr/local/sbin/grep /run/grep
printf '#!/bin/sh\\necho "grep: $7: Input/output error" >&2\\nexit 2\\n' >/usr/local/sbin/grep
chmod +x /usr/local/sbin/grep`);
    const error = await files().catch((thrown: unknown) => thrown);
    await sh("rm /usr/local/sbin/grep; [ ! -e /run/grep ] || mv /run/grep /usr/local/sbin/grep");
    expect(error).toMatchObject({ code: "LVS-FACT-001", message: "The ledgers on h could not be read." });
    expect((error as LvsctlError).details.output).toContain("Input/output error");
    expect([...(await files()).keys()]).toEqual(["web"]);
  });

  it("finds none where there is none", async () => {
    expect(await files()).toEqual(new Map());
    await sh(`mkdir -p ${root}`);
    expect(await files()).toEqual(new Map());
  });

  it("reads those of all topologies, and nothing else", async () => {
    for (const topology of ["a", "b2", "a-b"]) await put(topology);
    await sh(`cp ${ledgerPath("a")} ${root}/ledger.json; cp ${ledgerPath("a")} ${root}/a/web-80/ledger.json
mkdir ${root}/.transaction ${root}/empty; cp ${ledgerPath("a")} ${root}/.transaction/ledger.next; mkfifo ${root}/a/pipe`);
    expect([...(await files()).keys()].sort()).toEqual(["a", "a-b", "b2"]);
    for (const topology of ["a", "b2", "a-b"]) expect(await trusted(topology)).toEqual(ledgerOf(topology));
  });

  it("follows a link that stands for the whole folder", async () => {
    await put("a");
    await sh(`mv ${root} /var/lib/elsewhere; ln -s elsewhere ${root}`);
    expect(await trusted("a")).toEqual(ledgerOf("a"));
    await sh(`rm ${root}; mv /var/lib/elsewhere ${root}`);
  });

  it.each([
    ["an empty file", ""],
    ["one that is cut off", formatLedger(ledgerOf("a")).slice(0, 90)],
    ["NUL characters", "{\0}\n\0\n"],
  ])("tells %s from a ledger", async (_what, text) => {
    await put("a", text);
    await expect(trusted("a")).rejects.toThrow(LvsctlError);
    await expect(trusted("a")).rejects.toMatchObject({ code: "LVS-LEDGER-001" });
  });

  it.each([
    [
      "that others can write to",
      `chmod 0622 ${ledgerPath("a")}`,
      "it can be written to by users other than root (mode 0622)",
    ],
    ["that is another user's", `chown 65534 ${ledgerPath("a")}`, "it belongs to the user with the number 65534"],
    ["in a folder that others can write to", `chmod 0775 ${root}/a`, `its folder ${root}/a can be written to`],
    ["in a folder of another user", `chown 65534 ${root}/a`, `its folder ${root}/a belongs to`],
    ["below a folder that others can write to", `chmod 1777 ${root}`, `its folder ${root} can be written to`],
    ["that is a link", `mv ${ledgerPath("a")} ${root}/a/l; ln -s l ${ledgerPath("a")}`, "it is a symbolic link"],
    ["that is a pipe", `rm ${ledgerPath("a")}; mkfifo ${ledgerPath("a")}`, "it is no plain file"],
  ])("does not trust one %s", async (_what, script, why) => {
    await put("a");
    expect(await trusted("a")).toEqual(ledgerOf("a"));
    await sh(script);
    await expect(trusted("a")).rejects.toMatchObject({
      code: "LVS-LEDGER-003",
      message: expect.stringContaining(why),
    });
  });

  describe("a repair", () => {
    const keptAs = keptPath("a", "2026-11-20T13:00:01.123Z");
    const damagedText = formatLedger(ledgerOf("a")).slice(0, 90);

    async function repair(ledger: Ledger, version?: string) {
      const file = (await files()).get("a");
      if (!file) throw new Error("no such file");
      const damaged = { topology: "a", version: version ?? file.version };
      const { stdout } = await host.run(formatRepairScript({ kinds, damaged, ledger, keptAs }));
      return parseRepair(stdout);
    }

    it("puts a new ledger in the damaged one's place and keeps that", async () => {
      await put("a", damagedText);
      await sh(`chmod 0777 ${root} ${root}/a; chown 65534 ${root}/a; chmod 0666 ${ledgerPath("a")}`);
      expect(await repair(ledgerOf("a", "new"))).toBe("done");
      expect(await trusted("a")).toEqual(ledgerOf("a", "new"));
      expect(await sh(`cat ${keptAs}`)).toBe(damagedText);
      expect(await sh(`stat -c %a ${ledgerPath("a")}; ls ${root}/a`)).toBe(
        "600\nledger.json\nledger.json.damaged-20261120T130001Z\nweb-80\n",
      );
    });

    const planted = `umask 022
printf '#!/bin/sh\\n%s\\n' "${LAST_LINE}" >${root}/a/restore.sh
mkdir -p ${root}/a/www-80 ${root}/.transaction; echo hi >${root}/a/www-80/index.html; echo 1 >${root}/.transaction/id`;
    const aside = `${keptAs}.others`;

    it("takes away what others have put there, and leaves what is root's", async () => {
      await put("a", damagedText);
      await sh(`${planted}
chown 65534 ${root}/a/restore.sh ${root}/a/www-80/index.html; chown -R 65534 ${root}/.transaction; ln -s /etc ${root}/a/ours
ln -s /etc ${root}/a/theirs; chown -h 65534 ${root}/a/theirs; chmod 0777 ${root}/a ${root}/a/web-80; touch ${root}/a/.hidden
chown 65534 ${root}/a/.hidden`);
      expect(await repair(ledgerOf("a", "new"))).toBe("done");
      expect(await sh(`ls -A ${root} ${root}/a; ls -A ${aside}; stat -c %a:%u ${aside} ${root}/a/web-80`)).toBe(
        `${root}:\na\n\n${root}/a:\nledger.json\nledger.json.damaged-20261120T130001Z\nledger.json.damaged-20261120T130001Z.others\nours\nrestore.sh\nweb-80\n.hidden\nrestore.sh\ntheirs\ntransaction\nwww-80\n700:0\n755:0\n`,
      );
      expect(await sh(`cat ${root}/a/restore.sh`)).not.toContain(LAST_LINE);
      expect(await sh(`stat -c %a:%u ${root}/a/restore.sh`)).toBe("600:0\n");
    });

    it("takes nothing away where all is root's", async () => {
      await put("a", damagedText);
      await sh(`${planted}; rm -r ${root}/.transaction`);
      expect(await repair(ledgerOf("a", "new"))).toBe("done");
      expect(await sh(`ls ${root}/a; tail -n 1 ${root}/a/restore.sh`)).toBe(
        `ledger.json\nledger.json.damaged-20261120T130001Z\nrestore.sh\nweb-80\nwww-80\n${LAST_LINE}\n`,
      );
    });

    it("leaves the folders that nginx has for what clients send, and takes away what others put beside them", async () => {
      await put("a", damagedText);
      await sh(`umask 022; cd ${root}/a; mkdir -p web-80/body web-80/scgi web-81 www-80/body; touch web-80/body/1 web-81/body
chown -R 65534 web-80/body web-80/scgi web-81/body www-80/body`);
      expect(await repair(ledgerOf("a", "new"))).toBe("done");
      expect(await sh(`ls ${root}/a/web-80; ls ${aside}`)).toBe("body\nscgi\nweb-81\nwww-80\n");
      await sh(`cd ${root}/a; rm -r ${keptAs} ${aside}; chown 65534 web-80; rm ledger.json`);
      await put("a", damagedText);
      await sh(`chown 65534 ${root}/a/web-80`);
      expect(await repair(ledgerOf("a", "new"))).toBe("done");
      expect(await sh(`ls ${aside}`)).toBe("web-80\n");
    });

    it("leaves no ledger where nothing could be saved", async () => {
      await put("a", damagedText);
      expect(await repair({ topology: "a", host: "h", entries: [] })).toBe("done");
      expect(await files()).toEqual(new Map());
      expect(await sh(`cat ${keptAs}`)).toBe(damagedText);
    });

    it("replaces a link and not what it leads to", async () => {
      await put("a");
      await sh(`mv ${ledgerPath("a")} ${root}/a/l; ln -s l ${ledgerPath("a")}`);
      expect(await repair(ledgerOf("a", "new"))).toBe("done");
      expect(await trusted("a")).toEqual(ledgerOf("a", "new"));
      expect(await sh(`cat ${root}/a/l; readlink ${keptAs}`)).toBe(`${formatLedger(ledgerOf("a"))}l\n`);
    });

    it.each([
      ["another ledger is there than was read", ":", "1:2:3", "changed"],
      ["a run is under way", `mkdir ${root}/.transaction; echo 1 >${root}/.transaction/id`, undefined, "held"],
      ["its own name is taken", `: >${keptAs}`, undefined, undefined],
    ])("does nothing and leaves nothing where %s", async (_what, script, version, answer) => {
      await put("a", damagedText);
      await sh(script);
      expect(await repair(ledgerOf("a", "new"), version)).toBe(answer);
      expect(await sh(`cat ${ledgerPath("a")}`)).toBe(damagedText);
      expect((await sh(`ls -A ${root}/a`)).split("\n").filter((name) => /new|draft/.test(name))).toEqual([]);
      expect(await sh("ls /run/lvsctl.lock 2>&1 || :")).toContain("No such file");
    });
  });
});
