/** What every transport promises, tried over SSH and on this machine. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type command, raw, sh } from "../../src/shell/quote.ts";
import { connect } from "../../src/transport/connect.ts";
import { readOnly } from "../../src/transport/guard.ts";
import { connectLocal } from "../../src/transport/local.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { expireAfterLine } from "../helpers/expire.ts";
import { hasSshd, LoopbackSshd } from "../helpers/loopback-sshd.ts";
import { until } from "../helpers/watched-process.ts";

/** The processes that are called `cat` with this file. */
function readers(file: string): readonly string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "utf8") === `cat\0${file}\0`;
    } catch {
      return false; // It has just ended.
    }
  });
}

interface Way {
  readonly name: string;
  begin(): Promise<void>;
  connect(): Promise<Transport>;
  end(): Promise<void>;
}

let sshd: LoopbackSshd;
const ways: readonly Way[] = [
  {
    name: "local",
    begin: async () => {},
    connect: async () => connectLocal("here"),
    end: async () => {},
  },
  {
    name: "ssh",
    begin: async () => {
      sshd = await LoopbackSshd.start();
    },
    connect: () => connect("there", { destination: "target" }, { sshConfig: sshd.sshConfig() }),
    end: () => sshd.stop(),
  },
];

const MiB = 1024 * 1024;

describe.skipIf(!hasSshd).each(ways)("a $name transport", (way) => {
  let folder: string;
  let transport: Transport;
  beforeAll(async () => {
    await way.begin();
    folder = mkdtempSync(join(tmpdir(), "lvsctl-contract-"));
    transport = await way.connect();
  });
  afterAll(async () => {
    await transport.close();
    rmSync(folder, { recursive: true });
    await way.end();
  });
  let before: number;
  beforeEach(() => {
    before = transport.execs;
  });

  it("reads many things in one exec, each with its output, errors and status", async () => {
    const outputs = await transport.read([
      { name: "words", argv: ["stat", "-c", "%F a b\n$(id)\n'", "/"] },
      { name: "fails", argv: ["cat", "/nonexistent/file"] },
      { name: "missing", argv: ["ipvsadm", "-S", "-n"], onlyIf: "/nonexistent" },
      { name: "last", argv: ["test", "-d", "/nonexistent"] },
    ]);
    expect(outputs.get("words")).toEqual({ stdout: "directory a b\n$(id)\n'\n", stderr: "", status: 0 });
    expect(outputs.get("fails")).toMatchObject({ stdout: "", status: 1 });
    expect(outputs.get("fails")?.stderr).toMatch(/No such file/);
    expect(outputs.has("missing")).toBe(false);
    expect(outputs.get("last")).toEqual({ stdout: "", stderr: "", status: 1 });
    expect(transport.execs - before).toBe(1);
  });

  it("sends nothing for nothing to read", async () => {
    expect(await transport.read([])).toEqual(new Map());
    expect(transport.execs - before).toBe(0);
  });

  it("runs a script as root and gives streams and status", async () => {
    const script = sh`echo out; echo err >&2; id -u; exit 7`;
    expect(await transport.run(script)).toEqual({ stdout: "out\n0\n", stderr: "err\n", status: 7 });
    expect(transport.execs - before).toBe(1);
  });

  it("gives the script an empty standard input, so that no command eats the script", async () => {
    const result = await transport.run(sh`cat; read line; echo "status $?"; echo end`);
    expect(result).toEqual({ stdout: "status 1\nend\n", stderr: "", status: 0 });
  });

  it("runs a script that ends in a here-document or a comment", async () => {
    expect((await transport.run(sh`cat <<'END'\ntext\nEND`)).stdout).toBe("text\n");
    expect((await transport.run(sh`echo a # comment`)).stdout).toBe("a\n");
  });

  it("runs nothing of a script that is cut off", async () => {
    const witness = join(folder, "cut-off");
    const result = await transport.run(sh`touch ${witness}; if true; then echo`);
    expect(result.status).not.toBe(0);
    expect((await transport.run(sh`test -e ${witness}`)).status).toBe(1);
  });

  it("says which signal ended the script", async () => {
    expect(await transport.run(sh`kill -KILL $$`)).toMatchObject({ status: undefined, signal: "SIGKILL" });
  });

  it("carries 5 MB of output, with both streams at once", async () => {
    const result = await transport.run(
      sh`head -c ${5 * MiB} /dev/zero | tr '\\0' x; head -c 300000 /dev/zero | tr '\\0' y >&2`,
    );
    expect(result.stdout).toHaveLength(5 * MiB);
    expect(result.stderr).toHaveLength(300_000);
  });

  it("carries a script of 2 MB", async () => {
    const text = "abcdefghijklmno\n".repeat((2 * MiB) / 16);
    const result = await transport.run(sh`cat <<'END' | cksum\n${raw(text as ReturnType<typeof command>)}END`);
    expect(result.status).toBe(0);
    expect(result.stdout).toMatch(new RegExp(` ${2 * MiB}\n$`));
  });

  it("keeps text whole over chunk borders", async () => {
    const text = "äöü€😀";
    // The pauses only make it likely that the parts arrive one by one; the result must be the same if they do not.
    const result = await transport.run(sh`printf ${text}; sleep 0.05; printf '\\342'; sleep 0.05; printf '\\202\\254'`);
    expect(result.stdout).toBe(`${text}€`);
  });

  it("reports lines as they come", async () => {
    const lines: string[] = [];
    const result = await transport.run(sh`echo one; sleep 0.1; printf 'two\nthr'; sleep 0.1; printf ee`, {
      onLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(["one", "two", "three"]);
    expect(result.stdout).toBe("one\ntwo\nthree");
    const read: string[] = [];
    await transport.read([{ name: "x", argv: ["stat", "-c", "hello", "/"] }], { onLine: (line) => read.push(line) });
    expect(read.filter((line) => line !== "")).toEqual(["hello"]);
  });

  it("ends a call that takes too long, and the program with it", async () => {
    const { line, error } = await expireAfterLine(1_000, (options) => transport.run(sh`echo $$; sleep 36000`, options));
    expect(error).toMatchObject({ code: "LVS-CONNECT-019", message: expect.stringContaining("1 s") });
    expect(line).toMatch(/^\d+$/);
    await until("the program ends", () => !existsSync(`/proc/${line}`));
  });

  it("ends a read of a host that falls silent, and the program with it", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const commands = [
      { name: "first", argv: ["stat", "-c", "begun", "/"] },
      { name: "second", argv: ["cat", pipe] },
    ];
    const { error } = await expireAfterLine(600_000, ({ onLine }) => {
      const onBegun = (line: string) => line === "begun" && onLine(line);
      return transport.read(commands, { onLine: onBegun });
    });
    expect(error).toMatchObject({ code: "LVS-CONNECT-019", message: expect.stringContaining("nothing for 120 s") });
    await until("the program ends", () => readers(pipe).length === 0);
  });

  it("ends a call that is aborted", async () => {
    const controller = new AbortController();
    const call = transport.run(sh`echo begun; sleep 36000`, {
      signal: controller.signal,
      onLine: () => controller.abort(),
    });
    await expect(call).rejects.toMatchObject({ code: "LVS-CONNECT-022" });
    await expect(transport.run(sh`true`, { signal: controller.signal })).rejects.toMatchObject({
      code: "LVS-CONNECT-022",
    });
    expect(transport.execs - before).toBe(1);
  });

  it("ends a call that prints without end", async () => {
    await expect(transport.run(sh`yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`)).rejects.toMatchObject({
      code: "LVS-CONNECT-026",
    });
  });

  it("runs 20 calls at a time", async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => transport.run(sh`echo ${n}`)));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(transport.execs - before).toBe(20);
  });

  it("sends nothing that the guard does not know as read-only", async () => {
    const witness = join(folder, "guard");
    const commands = [
      { name: "good", argv: ["test", "-e", "/"] },
      { name: "bad", argv: ["touch", witness] },
    ];
    for (const each of [transport, readOnly(transport)]) {
      await expect(each.read(commands)).rejects.toMatchObject({ code: "LVS-CONNECT-020", exit: 1 });
    }
    expect(transport.execs - before).toBe(0);
    expect((await transport.run(sh`test -e ${witness}`)).status).toBe(1);
  });

  it("runs nothing when it is read-only", async () => {
    const careful = readOnly(transport);
    await expect(careful.run(sh`touch ${join(folder, "readonly")}`)).rejects.toMatchObject({ code: "LVS-CONNECT-021" });
    expect(careful.execs - before).toBe(0);
    expect((await careful.read([{ name: "x", argv: ["test", "-e", join(folder, "readonly")] }])).get("x")?.status).toBe(
      1,
    );
    expect(careful.execs - before).toBe(1);
  });
});
