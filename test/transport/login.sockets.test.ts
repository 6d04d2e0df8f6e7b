/** Logins by key and agent, what ssh_config decides, and what goes wrong on the way. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sh } from "../../src/shell/quote.ts";
import { type ConnectOptions, connect } from "../../src/transport/connect.ts";
import type { SshDestination } from "../../src/transport/ssh-config.ts";
import { freePort, hasSshd, LoopbackSshd, makeKey } from "../helpers/loopback-sshd.ts";
import { kill } from "../helpers/process-tree.ts";

describe.skipIf(!hasSshd)("logins", () => {
  let sshd: LoopbackSshd;
  beforeAll(async () => {
    sshd = await LoopbackSshd.start();
  });
  afterAll(() => sshd.stop());

  const whoAmI = async (
    more: readonly string[] = [],
    ssh: Partial<SshDestination> = {},
    options: ConnectOptions = {},
  ) => {
    const transport = await connect(
      "h1",
      { destination: "target", ...ssh },
      { sshConfig: sshd.sshConfig(more), ...options },
    );
    try {
      const outputs = await transport.read([{ name: "user", argv: ["stat", "-c", "%U", "/proc/self"] }]);
      return outputs.get("user")?.stdout.trim();
    } finally {
      await transport.close();
    }
  };
  const newKey = (name: string, type: "ed25519" | "rsa" | "ecdsa", passphrase = "") => {
    const path = makeKey(sshd.folder, name, type, passphrase);
    sshd.authorize(`${path}.pub`);
    return path;
  };
  const only = (path: string) => [`IdentityFile ${path}`, "IdentitiesOnly yes"];

  it.each(["ed25519", "rsa", "ecdsa"] as const)("takes a key of type %s", async (type) => {
    expect(await whoAmI(only(newKey(`plain_${type}`, type)))).toBe("root");
  });

  it("asks for the passphrase of a key, and again when it was wrong", async () => {
    const path = newKey("locked", "ed25519", "open sesame");
    const asked: string[] = [];
    const askSecret = async (prompt: string) => {
      asked.push(prompt);
      return asked.length < 2 ? "wrong" : "open sesame";
    };
    expect(await whoAmI(only(path), {}, { askSecret })).toBe("root");
    expect(asked).toEqual([`Passphrase for ${path}: `, `Passphrase for ${path} (the first was wrong): `]);
  });

  it("asks for no passphrase of a key that the host does not want", async () => {
    const path = makeKey(sshd.folder, "unwanted", "ed25519", "secret");
    const asked: string[] = [];
    const askSecret = async (prompt: string) => {
      asked.push(prompt);
      return "";
    };
    await expect(whoAmI([`IdentityFile ${path}`], {}, { askSecret })).resolves.toBe("root");
    expect(asked).toEqual([]);
  });

  it("says that nobody can be asked for a passphrase", async () => {
    const path = newKey("locked_alone", "ed25519", "open sesame");
    expect(await whoAmI([], { identityFile: path })).toBe("root");
    const lines = ["Host *", `IdentityFile ${path}`, "IdentityAgent none", `UserKnownHostsFile ${sshd.knownHosts}`];
    writeFileSync(sshd.file("lonely"), lines.join("\n"));
    const to = { destination: "127.0.0.1", port: sshd.port, user: "root" };
    const outcome = connect("h1", to, { sshConfig: sshd.file("lonely") });
    await expect(outcome).rejects.toMatchObject({
      code: "LVS-CONNECT-011",
      message: expect.stringContaining("there is no terminal to ask for it"),
    });
  });

  it("takes a key from the agent, and with IdentitiesOnly no other of its keys", async () => {
    const agent = await startAgent(sshd.file("agent.sock"));
    try {
      const held = newKey("held", "rsa");
      execFileSync("ssh-add", ["-q", held], { env: { ...process.env, SSH_AUTH_SOCK: sshd.file("agent.sock") } });
      execFileSync("mv", [held, `${held}.gone`]);
      const withAgent = `IdentityAgent ${sshd.file("agent.sock")}`;
      expect(await whoAmI([withAgent, `IdentityFile ${held}`, "IdentitiesOnly yes"])).toBe("root");
      const alone = ["Host *", withAgent, `UserKnownHostsFile ${sshd.knownHosts}`, "IdentityFile /nonexistent/key"];
      const to = { destination: "127.0.0.1", port: sshd.port, user: "root" };
      writeFileSync(sshd.file("agent_any"), alone.join("\n"));
      await (await connect("h1", to, { sshConfig: sshd.file("agent_any") })).close();
      writeFileSync(sshd.file("agent_only"), [...alone, "IdentitiesOnly yes"].join("\n"));
      await expect(connect("h1", to, { sshConfig: sshd.file("agent_only") })).rejects.toMatchObject({
        code: "LVS-CONNECT-011",
        message: expect.stringContaining("key /nonexistent/key cannot be read (ENOENT)"),
      });
    } finally {
      if (agent.pid !== undefined) kill(agent.pid, "SIGTERM");
    }
  });

  it("reads no more of what is named as a key than a key is long", async () => {
    const lines = ["Host *", "IdentityFile /dev/zero", "IdentityAgent none", `UserKnownHostsFile ${sshd.knownHosts}`];
    writeFileSync(sshd.file("endless"), lines.join("\n"));
    const to = { destination: "127.0.0.1", port: sshd.port, user: "root" };
    await expect(connect("h1", to, { sshConfig: sshd.file("endless") })).rejects.toMatchObject({
      code: "LVS-CONNECT-011",
      message: expect.stringContaining("key /dev/zero cannot be used"),
    });
  });

  it("goes on when the agent does not answer", async () => {
    expect(await whoAmI([`IdentityAgent ${sshd.file("no-agent.sock")}`])).toBe("root");
  });

  it("names user, keys and methods when the login fails", async () => {
    const path = makeKey(sshd.folder, "stranger", "ed25519");
    const config = sshd.file("stranger_config");
    writeFileSync(
      config,
      `Host *\n IdentityFile ${path}\n IdentityAgent none\n UserKnownHostsFile ${sshd.knownHosts}\n`,
    );
    const to = { destination: "127.0.0.1", port: sshd.port, user: "root" };
    await expect(connect("h1", to, { sshConfig: config })).rejects.toMatchObject({
      code: "LVS-CONNECT-011",
      exit: 4,
      message: expect.stringMatching(
        new RegExp(`h1 .*127.0.0.1:${sshd.port}.* as root failed.*Tried: key ${path}.*offers publickey`),
      ),
      details: { hint: expect.stringContaining("authorized_keys") },
    });
    await expect(whoAmI([], { user: "no-such-user" })).rejects.toMatchObject({
      code: "LVS-CONNECT-011",
      message: expect.stringContaining("as no-such-user failed"),
    });
  });

  it("says that the host has had enough after too many keys", async () => {
    const keys = Array.from({ length: 8 }, (_, n) => `IdentityFile ${makeKey(sshd.folder, `many${n}`, "ed25519")}`);
    await expect(whoAmI(keys)).rejects.toMatchObject({
      code: "LVS-CONNECT-011",
      message: expect.stringContaining("Too many authentication failures"),
    });
  });

  it("follows Include, Match, aliases and tokens of ssh_config; the topology outweighs it", async () => {
    const key = newKey("by_token", "ed25519");
    execFileSync("cp", [key, sshd.file("key-alias1-root")]);
    writeFileSync(
      sshd.file("included"),
      [
        "Match originalhost alias1 user root",
        `  IdentityFile ${sshd.file("key-%n-%r")}`,
        "Host alias1 !alias2",
        "  HostName 127.0.0.1",
        "  Port 1",
        "Host *",
        "  User nobody",
        "  IdentityAgent none",
        "  IdentitiesOnly yes",
        `  UserKnownHostsFile ${sshd.knownHosts}`,
        "",
      ].join("\n"),
    );
    writeFileSync(sshd.file("top"), `Include ${sshd.file("included")}\n`);
    const to = { destination: "alias1", port: sshd.port, user: "root" };
    await (await connect("h1", to, { sshConfig: sshd.file("top") })).close();
    await expect(connect("h1", { ...to, port: 1 }, { sshConfig: sshd.file("top") })).rejects.toMatchObject({
      code: "LVS-CONNECT-002",
    });
  });

  it("says what ssh says of a wrong ssh_config", async () => {
    writeFileSync(sshd.file("broken"), "Host *\n  NoSuchOption yes\n");
    for (const sshConfig of [sshd.file("broken"), "/nonexistent/config"]) {
      await expect(connect("h1", { destination: "x" }, { sshConfig })).rejects.toMatchObject({
        code: "LVS-CONNECT-023",
        details: { output: expect.stringMatching(/nosuchoption|Can't open/i) },
      });
    }
  });

  it("takes no destination for an option of ssh", async () => {
    const witness = sshd.file("witness");
    for (const destination of [`-oProxyCommand=touch ${witness}`, `-F${witness}`]) {
      await expect(connect("h1", { destination }, { sshConfig: sshd.sshConfig() })).rejects.toMatchObject({
        code: "LVS-CONNECT-023",
      });
    }
    expect(existsSync(witness)).toBe(false);
  });
});

describe.skipIf(!hasSshd)("hosts that are not there", () => {
  /** Longer than any test may take: only what hangs would meet this limit. */
  const patient = { sshConfig: "/dev/null", connectTimeoutMs: 100_000_000 };

  it("says that a name cannot be resolved", async () => {
    await expect(connect("h1", { destination: "no-such-host.invalid" }, patient)).rejects.toMatchObject({
      code: "LVS-CONNECT-001",
      message: expect.stringContaining("no-such-host.invalid"),
    });
  });

  it("says that the connection is refused", async () => {
    const port = await freePort();
    await expect(connect("h1", { destination: "127.0.0.1", port }, patient)).rejects.toMatchObject({
      code: "LVS-CONNECT-002",
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });

  it("waits no longer than it should for a host that takes the connection and says nothing", async () => {
    await withServer(
      () => {},
      async (port) => {
        // The limit is what is tested; it may expire at any moment of the login.
        const quick = { ...patient, connectTimeoutMs: 400 };
        await expect(connect("h1", { destination: "127.0.0.1", port }, quick)).rejects.toMatchObject({
          code: "LVS-CONNECT-003",
          message: expect.stringContaining("0.4 s"),
        });
      },
    );
  });

  it("stops waiting when it is interrupted", async () => {
    const controller = new AbortController();
    await withServer(
      () => controller.abort(),
      async (port) => {
        const outcome = connect("h1", { destination: "127.0.0.1", port }, { ...patient, signal: controller.signal });
        await expect(outcome).rejects.toMatchObject({ code: "LVS-CONNECT-022", exit: 130 });
      },
    );
    const outcome = connect(
      "h1",
      { destination: "127.0.0.1" },
      { sshConfig: "/dev/null", signal: AbortSignal.abort() },
    );
    await expect(outcome).rejects.toMatchObject({ code: "LVS-CONNECT-022" });
  });

  it.each([
    ["hangs up", (socket: Socket) => socket.end()],
    ["resets", (socket: Socket) => socket.resetAndDestroy()],
    ["speaks HTTP", (socket: Socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["sends noise", (socket: Socket) => socket.end(Buffer.alloc(100_000, 0x41))],
    ["speaks an old SSH", (socket: Socket) => socket.write("SSH-1.5-old\r\n")],
    ["sends a broken packet", (socket: Socket) => socket.write("SSH-2.0-x\r\n\0\0\0\x01\xff\xff\xff\xff\xff\xff\xff")],
  ])("says that what answers is no SSH server when it %s", async (_what, talk) => {
    await withServer(talk, async (port) => {
      await expect(connect("h1", { destination: "127.0.0.1", port }, patient)).rejects.toMatchObject({
        code: expect.stringMatching(/^LVS-CONNECT-0(05|13)$/),
      });
    });
  });

  it("says that there is no algorithm in common", async () => {
    const sshd = await LoopbackSshd.start({ config: ["Ciphers 3des-cbc"] });
    try {
      await expect(connect("h1", { destination: "target" }, { sshConfig: sshd.sshConfig() })).rejects.toMatchObject({
        code: "LVS-CONNECT-012",
        message: expect.stringContaining("cipher"),
      });
    } finally {
      await sshd.stop();
    }
  });
});

async function withServer(talk: (socket: Socket) => void, test: (port: number) => Promise<void>): Promise<void> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.resume();
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  try {
    await test(typeof address === "object" && address ? address.port : 0);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function startAgent(socket: string): Promise<ChildProcess> {
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  while (!existsSync(socket) && agent.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
  return agent;
}

describe.skipIf(!hasSshd)("the login's environment", () => {
  it("decides neither which programs run, nor what is read first, nor where words end", async () => {
    const plant = [
      "mkdir -p $HOME/bin",
      `for p in ip cat stat touch; do printf '#!/bin/sh\\n: >%s/owned\\n' "$HOME" >$HOME/bin/$p; chmod +x $HOME/bin/$p; done`,
      `echo ": >$HOME/owned" >$HOME/start`,
      "export PATH=$HOME/bin:$PATH ENV=$HOME/start BASH_ENV=$HOME/start IFS=/e CDPATH=$HOME PS4='$(: >$HOME/owned)' LC_ALL=tr_TR.UTF-8",
    ];
    const sshd = await LoopbackSshd.start({ home: { ".bashrc": `${plant.join("\n")}\n` } });
    try {
      const transport = await connect("h1", { destination: "target" }, { sshConfig: sshd.sshConfig() });
      const outputs = await transport.read([{ name: "boot", argv: ["cat", "/proc/sys/kernel/ostype"] }]);
      const run = await transport.run(sh`cat /proc/sys/kernel/ostype; w=a/e/b; set -- $w; echo $#; echo "$LC_ALL"`);
      await transport.close();
      expect(outputs.get("boot")?.stdout).toBe("Linux\n");
      expect(run.stdout).toBe("Linux\n1\nC\n");
      expect(existsSync(sshd.file("home/start"))).toBe(true);
      expect(existsSync(sshd.file("home/owned"))).toBe(false);
    } finally {
      await sshd.stop();
    }
  });
});
