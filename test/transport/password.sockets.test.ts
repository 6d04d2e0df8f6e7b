/** Passwords: of the login, by keyboard-interactive, and of sudo. The accounts exist only for the test's own sshd. */
import { existsSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { sh } from "../../src/shell/quote.ts";
import { connect } from "../../src/transport/connect.ts";
import { type AskSecret, askOnce } from "../../src/transport/secrets.ts";
import { expireAfterLine } from "../helpers/expire.ts";
import { hasSshd, LoopbackSshd } from "../helpers/loopback-sshd.ts";
import { hasAccounts } from "../helpers/private-accounts.ts";
import { until } from "../helpers/watched-process.ts";

const PASSWORD = "s3cret $(id) 'x'";

describe.skipIf(!hasSshd || !hasAccounts)("passwords", () => {
  let sshd: LoopbackSshd;
  let withPam: LoopbackSshd;
  beforeAll(async () => {
    const accounts = ["alice", "free", "nobody-special", "tty"].map((name) => ({ name, password: PASSWORD }));
    const sudoers = [
      "Defaults:tty requiretty",
      "Defaults:free use_pty",
      "alice ALL=(ALL) ALL",
      "free ALL=(ALL) NOPASSWD: ALL",
      "tty ALL=(ALL) NOPASSWD: ALL",
    ];
    [sshd, withPam] = await Promise.all([
      LoopbackSshd.start({ accounts, sudoers, config: ["PasswordAuthentication yes"] }),
      LoopbackSshd.start({ accounts, sudoers, config: ["UsePAM yes", "KbdInteractiveAuthentication yes"] }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([sshd.stop(), withPam.stop()]);
  });

  /** How many passwords a server has refused. */
  const failuresIn = (server: LoopbackSshd) =>
    server.log.split(
      /Failed (?:none|password|keyboard-interactive\/pam) for alice|PAM: Authentication failure for alice/,
    ).length;

  /** Gives the answers one after the other, and keeps the questions. */
  const answering = (...answers: readonly string[]) => {
    const asked: string[] = [];
    const ask: AskSecret = async (prompt) => {
      const answer = answers[asked.length];
      asked.push(prompt);
      if (answer === undefined) throw new Error("cancelled");
      return answer;
    };
    return { asked, ask };
  };
  const config = (server: LoopbackSshd, name: string, more: readonly string[] = []) => {
    const lines = [
      ...more,
      "IdentityFile none",
      "IdentityAgent none",
      `UserKnownHostsFile ${server.knownHosts}`,
      "HostName 127.0.0.1",
      `Port ${server.port}`,
    ];
    writeFileSync(server.file(name), ["Host h1", ...lines, ""].join("\n"));
    return server.file(name);
  };
  const logIn = (
    user: string,
    askSecret: AskSecret | undefined,
    become = false,
    server = sshd,
    more: readonly string[] = [],
  ) => {
    const name = `config-${user}-${Math.random().toString(36).slice(2)}`;
    const ssh = { destination: "h1", user, ...(become && { become: "sudo" as const }) };
    return connect("h1", ssh, { sshConfig: config(server, name, more), askSecret });
  };

  describe("of the login", () => {
    it("is asked for once", async () => {
      const { asked, ask } = answering(PASSWORD);
      const transport = await logIn("alice", ask);
      expect((await transport.run(sh`id -un`)).stdout).toBe("alice\n");
      await transport.close();
      expect(asked).toEqual(["Password for alice on every host that asks for it: "]);
    });

    it("is asked for again when it was wrong, naming the host", async () => {
      const { asked, ask } = answering("wrong", PASSWORD);
      await (await logIn("alice", ask)).close();
      expect(asked).toEqual([
        "Password for alice on every host that asks for it: ",
        "Password for alice@h1 (attempt 2 of 3): ",
      ]);
    });

    it("is given up after three, with what was tried, and the password nowhere in the error", async () => {
      const { asked, ask } = answering("wrong-1", "wrong-2", "wrong-3", PASSWORD);
      const error: unknown = await logIn("alice", ask).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "LVS-CONNECT-011", message: expect.stringContaining("Tried: password") });
      expect(asked).toHaveLength(3);
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error as object))).not.toContain("wrong-");
    });

    it("is not asked for when there is nobody to ask, and the error says how to", async () => {
      for (const [ask, more] of [
        [undefined, []],
        [answering(PASSWORD).ask, ["BatchMode yes"]],
      ] as const) {
        await expect(logIn("alice", ask, false, sshd, more)).rejects.toMatchObject({
          code: "LVS-CONNECT-011",
          message: expect.stringMatching(/no key to try.*offers publickey, password/),
          details: { hint: expect.stringContaining("--ask-pass") },
        });
      }
    });

    it("may be refused by who is asked", async () => {
      await expect(logIn("alice", answering().ask)).rejects.toMatchObject({
        code: "LVS-CONNECT-011",
        message: expect.stringContaining("cancelled"),
      });
    });

    it.each([
      ["password", () => sshd],
      ["keyboard-interactive", () => withPam],
    ])("that nobody gives, because of an interrupt, is not sent as an empty one: %s", async (_method, server) => {
      const before = failuresIn(server());
      const interrupt = new LvsctlError("LVS-CONNECT-022", "Interrupted.");
      const ask = () => Promise.reject(interrupt);
      await expect(logIn("alice", ask, false, server())).rejects.toBe(interrupt);
      expect(failuresIn(server())).toBe(before);
      await (await logIn("alice", answering("", PASSWORD).ask, false, server())).close();
      await until("an empty password is refused", () => failuresIn(server()) > before);
    });

    it("does not count the time that a person takes to answer", async () => {
      // Time passes for lvsctl only while somebody answers.
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldClearNativeTimers: true });
      const slow: AskSecret = async () => {
        vi.advanceTimersByTime(60_000);
        return PASSWORD;
      };
      try {
        await (await logIn("alice", slow, false, sshd, ["ConnectTimeout 5"])).close();
      } finally {
        vi.useRealTimers();
      }
    });

    it("works by keyboard-interactive", async () => {
      const { asked, ask } = answering("wrong", PASSWORD);
      const transport = await logIn("alice", ask, false, withPam);
      expect((await transport.run(sh`id -un`)).stdout).toBe("alice\n");
      await transport.close();
      expect(asked).toEqual([
        "Password for alice on every host that asks for it: ",
        "Password for alice@h1 (attempt 2 of 3): ",
      ]);
    });

    it("is asked for once for many hosts", async () => {
      const { asked, ask } = answering(PASSWORD);
      const once = askOnce(ask);
      const transports = await Promise.all(Array.from({ length: 4 }, () => logIn("alice", once)));
      await Promise.all(transports.map((transport) => transport.close()));
      expect(asked).toHaveLength(1);
    });
  });

  describe("of sudo", () => {
    it("is not needed where sudoers says so", async () => {
      const { asked, ask } = answering(PASSWORD);
      const transport = await logIn("free", ask, true);
      expect(await transport.run(sh`id -un; echo err >&2; exit 3`)).toEqual({
        stdout: "root\n",
        stderr: "err\n",
        status: 3,
      });
      expect(transport.execs).toBe(1);
      await transport.close();
      expect(asked).toEqual(["Password for free on every host that asks for it: "]);
    });

    it("is that of the login, without asking again", async () => {
      const { asked, ask } = answering(PASSWORD);
      const transport = await logIn("alice", ask, true);
      const read = await transport.read([{ name: "user", argv: ["stat", "-c", "%U", "/proc/self"] }]);
      expect(read.get("user")).toEqual({ stdout: "root\n", stderr: "", status: 0 });
      expect(await transport.run(sh`id -u`)).toEqual({ stdout: "0\n", stderr: "", status: 0 });
      expect(transport.execs).toBe(2);
      await transport.close();
      expect(asked).toHaveLength(1);
    });

    const withKey = () => {
      sshd.authorize(sshd.file("user_key.pub"));
      return [`IdentityFile ${sshd.file("user_key")}`];
    };

    it("is asked for once when the login took a key, and again when it was wrong", async () => {
      const { asked, ask } = answering("wrong", PASSWORD);
      const transport = await logIn("alice", ask, true, sshd, withKey());
      expect((await transport.run(sh`id -u`)).stdout).toBe("0\n");
      expect((await transport.run(sh`id -u`)).stdout).toBe("0\n");
      await transport.close();
      expect(asked).toEqual([
        "sudo password for alice on every host that asks for it: ",
        "sudo password for alice on h1 (the last one was refused): ",
      ]);
    });

    it("is never run as a command, never in an argument or the environment, and in no error or log", async () => {
      const { ask } = answering(PASSWORD);
      const transport = await logIn("alice", ask, true, sshd, withKey());
      const seen = await transport.run(
        sh`cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c 's[3]cret'; true`,
      );
      await transport.close();
      expect(seen.stdout).toBe("0\n");
      expect(sshd.log).not.toContain("s3cret");
    });

    it("is refused when it is wrong, with nothing run and the password nowhere in the error", async () => {
      const witness = sshd.file("home-alice/witness");
      const { asked, ask } = answering("wrong-1", "wrong-2", "wrong-3");
      const transport = await logIn("alice", ask, true, sshd, withKey());
      const error: unknown = await transport.run(sh`touch ${witness}`).catch((reason: unknown) => reason);
      await transport.close();
      expect(error).toMatchObject({
        code: "LVS-CONNECT-017",
        message: expect.stringContaining("does not accept the password of alice"),
      });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error as object))).not.toContain("wrong-");
      expect(asked).toHaveLength(2);
      expect(existsSync(witness)).toBe(false);
    });

    it("is missing if there is nobody to ask", async () => {
      const transport = await logIn("alice", undefined, true, sshd, withKey());
      await expect(transport.run(sh`id`)).rejects.toMatchObject({
        code: "LVS-CONNECT-017",
        message: expect.stringContaining("no terminal to ask"),
        details: { hint: expect.stringContaining("--ask-pass") },
      });
      await transport.close();
    });

    it("does not help those whom sudoers does not name", async () => {
      const transport = await logIn("nobody-special", answering(PASSWORD).ask, true);
      await expect(transport.run(sh`id`)).rejects.toMatchObject({
        code: "LVS-CONNECT-018",
        message: expect.stringContaining("sudoers does not allow it"),
        details: { output: expect.stringContaining("not in the sudoers file") },
      });
      await transport.close();
    });

    it("does not help where sudo insists on a terminal", async () => {
      const transport = await logIn("tty", answering(PASSWORD).ask, true);
      await expect(transport.run(sh`id`)).rejects.toMatchObject({
        code: "LVS-CONNECT-018",
        details: { hint: expect.stringContaining("requiretty") },
      });
      await transport.close();
    });

    it("carries large scripts, large output and ends what takes too long", async () => {
      const transport = await logIn("free", answering(PASSWORD).ask, true);
      const padding = ": abcdefghijklmnopqrstuvwxyz\n".repeat(70_000);
      const result = await transport.run(
        sh`cat <<'END' | wc -c\n${padding}\nEND\nhead -c 5000000 /dev/zero | tr '\\0' x`,
      );
      expect(result.stdout.length).toBeGreaterThan(5_000_000);
      const { line, error } = await expireAfterLine(3_000, (options) =>
        transport.run(sh`echo $$; sleep 36000`, options),
      );
      expect(error).toMatchObject({ code: "LVS-CONNECT-019" });
      expect(line).toMatch(/^\d+$/);
      await until("the program ends", () => !existsSync(`/proc/${line}`));
      await transport.close();
    });

    it("is not needed by root", async () => {
      const transport = await logIn("root", undefined, true, sshd, withKey());
      expect((await transport.run(sh`id -u`)).stdout).toBe("0\n");
      await transport.close();
    });
  });
});

describe("askOnce", () => {
  it("asks one question at a time and each once", async () => {
    let open = 0;
    const asked: string[] = [];
    const ask = askOnce(async (prompt) => {
      open += 1;
      expect(open).toBe(1);
      asked.push(prompt);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
      if (prompt === "bad") throw new Error("cancelled");
      return `${prompt}!`;
    });
    const answers = await Promise.allSettled(["a", "bad", "a", "b"].map(ask));
    expect(answers).toMatchObject([
      { value: "a!" },
      { reason: { message: "cancelled" } },
      { value: "a!" },
      { value: "b!" },
    ]);
    expect(asked).toEqual(["a", "bad", "b"]);
  });

  it("asks nothing more after an interrupt", async () => {
    const asked: string[] = [];
    const interrupt = new LvsctlError("LVS-CONNECT-022", "Interrupted.");
    const ask = askOnce(async (prompt) => {
      asked.push(prompt);
      throw interrupt;
    });
    const answers = await Promise.allSettled(["a", "b", "a"].map(ask));
    expect(answers.map((answer) => "reason" in answer && answer.reason)).toEqual([interrupt, interrupt, interrupt]);
    expect(asked).toEqual(["a"]);
  });
});
