/** Connections that break, hosts that fall silent, hosts that are full, and shells that are none. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sh } from "../../src/shell/quote.ts";
import { type ConnectOptions, connect } from "../../src/transport/connect.ts";
import { shellTransport } from "../../src/transport/shell-transport.ts";
import type { Login } from "../../src/transport/ssh-login.ts";
import { sshShell } from "../../src/transport/ssh-shell.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { hasSshd, LoopbackSshd, type SshdOptions } from "../helpers/loopback-sshd.ts";
import { childrenOf, isRunning, kill, nameOf } from "../helpers/process-tree.ts";
import { until } from "../helpers/watched-process.ts";

it("says that a connection is lost that has just ended and has not said so yet", async () => {
  const client = {
    exec: () => {
      throw new Error("Not connected"); // As ssh2 does.
    },
  };
  const login = {
    client,
    hop: {},
    isLost: () => false,
    lastError: () => undefined,
    password: undefined,
    close: () => {},
  };
  const options = { host: "rs1", login: login as unknown as Login, become: false, askSecret: undefined };
  const ended = shellTransport(sshShell({ ...options, close: async () => {} }));
  await expect(ended.run(sh`true`)).rejects.toMatchObject({ code: "LVS-CONNECT-013", details: { host: "rs1" } });
});

describe.skipIf(!hasSshd)("broken connections", () => {
  let sshd: LoopbackSshd | undefined;
  let transport: Transport | undefined;
  afterEach(async () => {
    vi.useRealTimers();
    await transport?.close();
    await sshd?.stop();
  });

  const begin = async (options: SshdOptions = {}, connecting: ConnectOptions = {}) => {
    const server = await LoopbackSshd.start(options);
    sshd = server;
    const opened = await connect("rs1", { destination: "target" }, { sshConfig: server.sshConfig(), ...connecting });
    transport = opened;
    return { server, opened };
  };
  /** A file that is never read to its end. */
  const pipe = (server: LoopbackSshd) => {
    execFileSync("mkfifo", [server.file("pipe")]);
    return server.file("pipe");
  };
  const untilRuns = (server: LoopbackSshd, program: string) =>
    until(`${program} runs`, () => server.sessions().some((pid) => nameOf(pid) === program));

  it("says during what the connection was lost", async () => {
    const { server, opened } = await begin();
    const run = opened.run(sh`sleep 36000`);
    const read = opened.read([{ name: "neighbours", argv: ["cat", pipe(server)] }]);
    const outcomes = Promise.allSettled([run, read]);
    await untilRuns(server, "sleep");
    await untilRuns(server, "cat");
    for (const pid of server.sessions()) kill(pid, "SIGKILL");
    expect(await outcomes).toMatchObject([
      {
        reason: {
          code: "LVS-CONNECT-013",
          message: expect.stringMatching(/rs1 was lost while running a script that changes it/),
        },
      },
      { reason: { code: "LVS-CONNECT-013", message: expect.stringContaining("reading neighbours") } },
    ]);
    await expect(opened.run(sh`true`)).rejects.toMatchObject({ code: "LVS-CONNECT-013" });
  });

  it("notices that a host has fallen silent", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { server, opened } = await begin({}, { keepAliveMs: 500 });
    const stopped = server.sessions();
    const outcome = expect(opened.run(sh`sleep 36000`)).rejects.toMatchObject({
      code: "LVS-CONNECT-014",
      message: expect.stringContaining("rs1 has stopped answering while running a script"),
    });
    await untilRuns(server, "sleep");
    for (const pid of [...stopped, ...server.sessions()]) kill(pid, "SIGSTOP");
    vi.advanceTimersByTime(500 * 4); // Three questions without an answer, and one more interval.
    await outcome;
  });

  it("keeps a quiet call alive", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { server, opened } = await begin({}, { keepAliveMs: 500 });
    const go = server.file("go");
    let hasBegun = false;
    const quiet = opened.run(sh`echo begun; until [ -e ${go} ]; do sleep 0.1; done; echo done`, {
      onLine: () => {
        hasBegun = true;
      },
    });
    await until("the call begins", () => hasBegun);
    const timers = vi.spyOn(globalThis, "setInterval"); // ssh2 starts a new one with each answer.
    for (let answers = 1; answers <= 10; answers += 1) {
      vi.advanceTimersByTime(500);
      await until("the host answers", () => timers.mock.calls.length >= answers);
    }
    timers.mockRestore();
    writeFileSync(go, "");
    expect((await quiet).stdout).toBe("begun\ndone\n");
  });

  it("runs nothing of a script whose connection breaks while it is sent", async () => {
    // Until it may go on, the shell reads nothing: what has been sent is what fits into the buffers on the way.
    const startUp = "echo >$HOME/../begun; until [ -e $HOME/../go ]; do sleep 0.1; done\n";
    const { server, opened } = await begin({ home: { ".bashrc": startUp } });
    const witness = server.file("witness");
    const padding = ": abcdefghijklmnopqrstuvwxyz\n".repeat(300_000);
    const script = sh`touch ${witness}; cat <<'END' >/dev/null\n${padding}\nEND`;
    const run = opened.run(script);
    const outcome = expect(run).rejects.toMatchObject({ code: "LVS-CONNECT-013" });
    await until("the shell starts", () => existsSync(server.file("begun")));
    const sessions = server.sessions();
    const shells = sessions.filter((pid) => !nameOf(pid).startsWith("sshd"));
    expect(shells).not.toEqual([]);
    for (const pid of sessions) if (!shells.includes(pid)) kill(pid, "SIGKILL");
    await outcome;
    writeFileSync(server.file("go"), "");
    await until("the shell ends", () => shells.every((pid) => !isRunning(pid)));
    expect(existsSync(witness)).toBe(false);
  });

  it("waits for a place where MaxSessions is small", async () => {
    const { opened } = await begin({ config: ["MaxSessions 1"] });
    const results = await Promise.all(Array.from({ length: 6 }, (_, n) => opened.run(sh`echo ${n}`)));
    expect(results.map(({ stdout }) => stdout.trim())).toEqual(["0", "1", "2", "3", "4", "5"]);
    expect(opened.execs).toBe(6);
  });

  it("says that a host gives no session", async () => {
    const { opened } = await begin({ config: ["MaxSessions 0"] });
    await expect(opened.run(sh`true`)).rejects.toMatchObject({ code: "LVS-CONNECT-015" });
  });

  it.each([
    ["that says no", "echo 'This account is not available'; exit 1"],
    ["that is silent", "exit 0"],
    ["that prints and reads", "cat"],
    ["for interactive sessions only", '[ -n "$SSH_ORIGINAL_COMMAND" ] || exec sh; echo "no commands here" >&2; exit 1'],
  ])("says that there is no shell behind a forced command %s", async (_what, command) => {
    const { opened } = await begin({ config: [`ForceCommand ${command}`] });
    const hint = expect.stringContaining('exec sh -c "$SSH_ORIGINAL_COMMAND"');
    const failure = { code: "LVS-CONNECT-016", message: expect.stringContaining("rs1"), details: { hint } };
    await expect(opened.run(sh`true`)).rejects.toMatchObject(failure);
    await expect(opened.read([{ name: "root", argv: ["test", "-e", "/"] }])).rejects.toMatchObject(failure);
  });

  it("goes through a forced command that does what it is asked for", async () => {
    const { server, opened } = await begin({
      config: ['ForceCommand echo "$SSH_ORIGINAL_COMMAND" >>$HOME/../asked; exec sh -c "$SSH_ORIGINAL_COMMAND"'],
    });
    expect(await opened.run(sh`echo out; echo err >&2; exit 3`)).toEqual({
      stdout: "out\n",
      stderr: "err\n",
      status: 3,
    });
    const read = await opened.read([{ name: "root", argv: ["test", "-e", "/"] }]);
    expect(read.get("root")).toMatchObject({ status: 0 });
    expect(readFileSync(server.file("asked"), "utf8")).toBe("exec sh -s\nexec sh -s\n");
  });

  it("finds its own way through banners and noisy start-up files", async () => {
    const noise = "echo noise; echo noise >&2; printf '@no end of line'\nread -t 0.01 line\n";
    const { server, opened } = await begin({ config: ["Banner /etc/hosts"], home: { ".bashrc": noise } });
    const shown = execFileSync("ssh", ["-q", "-F", server.sshConfig(), "target", "echo out"], {
      stdio: ["ignore", "pipe", "ignore"],
      encoding: "utf8",
    });
    expect(shown).toBe("noise\n@no end of lineout\n");
    expect(await opened.run(sh`echo out; echo err >&2`)).toEqual({ stdout: "out\n", stderr: "err\n", status: 0 });
    const lines: string[] = [];
    const read = await opened.read([{ name: "a", argv: ["stat", "-c", "x", "/"] }], {
      onLine: (line) => lines.push(line),
    });
    expect(read.get("a")).toEqual({ stdout: "x\n", stderr: "", status: 0 });
    expect(lines.filter(Boolean)).toEqual(["x"]);
  });

  it("takes a shell's death for what it is while it reads", async () => {
    const { server, opened } = await begin();
    const outcome = opened.read([{ name: "stops", argv: ["cat", pipe(server)] }]);
    const failed = expect(outcome).rejects.toMatchObject({
      code: "LVS-CONNECT-016",
      message: expect.stringContaining("SIGKILL"),
    });
    await untilRuns(server, "cat");
    const shell = server.sessions().find((pid) => nameOf(pid) === "sh");
    // Whatever still holds the shell's output would keep the session open.
    if (shell !== undefined) for (const pid of [shell, ...childrenOf(shell)]) kill(pid, "SIGKILL");
    await failed;
  });
});
