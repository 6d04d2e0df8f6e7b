/** The way to a host: jump hosts and ProxyCommand. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Socket, connect as tcpConnect } from "node:net";
import { afterAll, beforeAll, describe, expect, it, test, vi } from "vitest";
import { onEachConnection } from "../../src/app/each-host.ts";
import { sh } from "../../src/shell/quote.ts";
import { connect } from "../../src/transport/connect.ts";
import { parseJump, resolveRoute } from "../../src/transport/ssh-route.ts";
import { freePort, hasSshd, LoopbackSshd } from "../helpers/loopback-sshd.ts";
import { until } from "../helpers/watched-process.ts";

describe.skipIf(!hasSshd)("ways through other hosts", () => {
  let servers: readonly LoopbackSshd[];
  let config: string;
  beforeAll(async () => {
    servers = await Promise.all([LoopbackSshd.start(), LoopbackSshd.start(), LoopbackSshd.start()]);
    config = servers[0]?.file("all") ?? "";
    writeConfig([]);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });

  /** hop0, hop1 and hop2 are the servers; each knows its own key only. */
  function writeConfig(first: readonly string[]): void {
    const hosts = servers.flatMap((server, index) => [
      `Host hop${index}`,
      "  HostName 127.0.0.1",
      `  Port ${server.port}`,
      "  User root",
      `  IdentityFile ${server.file("user_key")}`,
      `  UserKnownHostsFile ${server.knownHosts}`,
      "  IdentityAgent none",
    ]);
    writeFileSync(config, `${[...first, ...hosts, "Host *", "  ConnectTimeout 100000"].join("\n")}\n`);
  }

  /** The number of logins that each server has seen since it was asked last. */
  function newLogins(): readonly number[] {
    return servers.map((server, index) => {
      const all = server.log.split("Accepted publickey").length - 1;
      const fresh = all - (seen[index] ?? 0);
      seen[index] = all;
      return fresh;
    });
  }
  const seen: number[] = [];

  const visit = async (destination: string, more: { jump?: string; port?: number } = {}) => {
    newLogins();
    const transport = await connect("h1", { destination, ...more }, { sshConfig: config });
    const { stdout } = await transport.run(sh`echo "$SSH_CONNECTION"`);
    await transport.close();
    return { port: Number(stdout.trim().split(" ")[3]), logins: newLogins() };
  };

  it("goes through one jump host", async () => {
    expect(await visit("hop1", { jump: "hop0" })).toEqual({ port: servers[1]?.port, logins: [1, 1, 0] });
  });

  it("goes through two, in their order", async () => {
    expect(await visit("hop2", { jump: "hop0,hop1" })).toEqual({ port: servers[2]?.port, logins: [1, 1, 1] });
  });

  it("follows the jump hosts' own ProxyJump, and no circle of one", async () => {
    writeConfig(["Host hop2", "  ProxyJump hop1", "Host hop1", "  ProxyJump hop0", "Host hop0", "  ProxyJump hop0"]);
    expect(await visit("hop2")).toEqual({ port: servers[2]?.port, logins: [1, 1, 1] });
    writeConfig(["Host *", "  ProxyJump hop0"]);
    expect(await visit("hop1")).toEqual({ port: servers[1]?.port, logins: [1, 1, 0] });
    writeConfig([]);
  });

  it("goes through a jump host that differs only in its port, or only in the user", async () => {
    const [first, second] = servers;
    const ports = ["Host 127.0.0.1", "  User root", `  IdentityFile ${first?.file("user_key")}`];
    const known = servers.map((server) => server.knownHosts).join(" ");
    second?.authorize(first?.file("user_key.pub") ?? "");
    writeConfig([...ports, `  IdentityFile ${first?.file("user_key")}`, `  UserKnownHostsFile ${known}`]);
    const to = { destination: "127.0.0.1", port: second?.port ?? 0, jump: `127.0.0.1:${first?.port}` };
    expect(await visit("127.0.0.1", to)).toEqual({ port: second?.port, logins: [1, 1, 0] });
    writeConfig([]);
    const route = await resolveRoute({ destination: "hop0", jump: "somebody@hop0" }, config, "h1");
    expect(route.map(({ user }) => user)).toEqual(["somebody", "root"]);
    expect(await resolveRoute({ destination: "hop0", jump: "root@hop0" }, config, "h1")).toHaveLength(1);
  });

  it("logs in to a jump host once for all hosts behind it, and in the names of all of them", async () => {
    const few = await LoopbackSshd.start({ config: ["MaxStartups 10:30:100"] }); // sshd's default.
    const names = Array.from({ length: 32 }, (_, index) => `h${index}`);
    const options = { sshConfig: config, parallel: 32 };
    const login = [
      ...["Match originalhost hop0", `  Port ${few.port}`, `  IdentityFile ${few.file("user_key")}`],
      `  UserKnownHostsFile ${few.knownHosts}`,
    ];
    const read = () =>
      onEachConnection(
        names.map((name) => ({ name, ssh: { destination: "hop1", jump: "hop0" } })),
        options,
        { isReadOnly: true, doing: "reading hosts" },
        (transport) => transport.read([{ name: "x", argv: ["test", "-e", "/"] }]),
      );
    try {
      writeConfig(login);
      expect((await read()).size).toBe(32);
      expect(few.log.split("Accepted publickey")).toHaveLength(2);
      await until("every session ends", () => few.sessions().length === 0);
      writeConfig([...login, "  User nobody-at-all"]);
      await expect(read()).rejects.toMatchObject({
        code: "LVS-CONNECT-000",
        details: {
          problems: names.map((host) => expect.objectContaining({ details: expect.objectContaining({ host }) })),
        },
      });
    } finally {
      writeConfig([]);
      await few.stop();
    }
  });

  it("tries again where sshd turns away whoever comes while others log in, and says so in the end", async () => {
    const busy = await LoopbackSshd.start({ config: ["MaxStartups 2:100:2"] });
    const others: Socket[] = [];
    const turnedAway = () => busy.log.split(/drop connection|Exceeded MaxStartups|past MaxStartups/).length - 1;
    try {
      await until("sshd serves others, and turns others away", () => {
        others.push(tcpConnect(busy.port, "127.0.0.1").on("error", () => {}));
        return turnedAway() > 10;
      });
      const failed = connect("h1", { destination: "target" }, { sshConfig: busy.sshConfig() });
      await expect(failed).rejects.toMatchObject({
        code: expect.stringMatching(/^LVS-CONNECT-0(05|13)$/),
        details: { hint: expect.stringContaining("MaxStartups") },
      });
      const login = connect("h1", { destination: "target" }, { sshConfig: busy.sshConfig() });
      const before = turnedAway();
      await until("sshd turns it away", () => turnedAway() > before);
      for (const other of others) other.destroy();
      await (await login).close();
    } finally {
      for (const other of others) other.destroy();
      await busy.stop();
    }
  });

  it("asks ssh how it reaches many hosts, a few at a time", async () => {
    const folder = servers[0]?.file("bin") ?? "";
    mkdirSync(folder);
    const count = `${folder}/count`;
    writeFileSync(`${folder}/ssh`, `#!/bin/sh\necho + >>${count}\nsleep 0.1\necho - >>${count}\necho hostname h\n`, {
      mode: 0o755,
    });
    vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
    try {
      await Promise.all(Array.from({ length: 40 }, () => resolveRoute({ destination: "h" }, undefined, "h")));
    } finally {
      vi.unstubAllEnvs();
    }
    let now = 0;
    const atOnce = readFileSync(count, "utf8")
      .trim()
      .split("\n")
      .map((sign) => (now += sign === "+" ? 1 : -1));
    expect(atOnce).toHaveLength(80);
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(8);
  });

  it("refuses a circle", async () => {
    writeConfig(["Host hop1", "  ProxyJump hop2", "Host hop2", "  ProxyJump hop1"]);
    await expect(visit("hop1")).rejects.toMatchObject({
      code: "LVS-CONNECT-023",
      message: expect.stringContaining("8 hops"),
    });
    writeConfig([]);
  });

  it("checks the host key of each hop", async () => {
    const [first, second] = servers;
    writeFileSync(first?.knownHosts ?? "", "");
    await expect(visit("hop1", { jump: "hop0" })).rejects.toMatchObject({
      code: "LVS-CONNECT-006",
      message: expect.stringContaining("the jump host hop0"),
      details: { host: "h1" },
    });
    writeFileSync(first?.knownHosts ?? "", first?.knownHostsLines() ?? "");
    writeFileSync(second?.knownHosts ?? "", first?.knownHostsLines(`[127.0.0.1]:${second?.port}`) ?? "");
    await expect(visit("hop1", { jump: "hop0" })).rejects.toMatchObject({
      code: "LVS-CONNECT-007",
      message: expect.stringContaining("h1 (hop1, "),
    });
    expect(newLogins()).toEqual([1, 0, 0]);
    writeFileSync(second?.knownHosts ?? "", second?.knownHostsLines() ?? "");
  });

  it("says which jump host does not get through", async () => {
    const port = await freePort();
    const outcome = connect("h1", { destination: "hop1", jump: "hop0", port }, { sshConfig: config });
    await expect(outcome).rejects.toMatchObject({
      code: "LVS-CONNECT-025",
      message: expect.stringMatching(new RegExp(`hop0 cannot connect to 127.0.0.1:${port}.*refused`, "i")),
    });
  });

  it("says that a jump host forbids it", async () => {
    const strict = await LoopbackSshd.start({ config: ["AllowTcpForwarding no"] });
    try {
      writeConfig([
        `Match originalhost hop0`,
        `  Port ${strict.port}`,
        `  IdentityFile ${strict.file("user_key")}`,
        `  UserKnownHostsFile ${strict.knownHosts}`,
      ]);
      await expect(visit("hop1", { jump: "hop0" })).rejects.toMatchObject({
        code: "LVS-CONNECT-025",
        details: { hint: expect.stringContaining("AllowTcpForwarding") },
      });
    } finally {
      writeConfig([]);
      await strict.stop();
    }
  });

  it("leaves no connection behind, neither after success nor after failure", async () => {
    await visit("hop2", { jump: "hop0,hop1" });
    await visit("hop2", { jump: "hop0,nobody@hop1" }).catch(() => {});
    await until("every session ends", () => servers.every((server) => server.sessions().length === 0));
  });

  it("runs a ProxyCommand with its tokens, and another login below it", async () => {
    const forward = `node -e 'const s=require("net").connect(%p,"%h");process.stdin.pipe(s);s.pipe(process.stdout)'`;
    writeConfig(["Host hop1", `  ProxyCommand ${forward}`]);
    expect(await visit("hop1")).toEqual({ port: servers[1]?.port, logins: [0, 1, 0] });
    expect(await visit("hop2", { jump: "hop1" })).toEqual({ port: servers[2]?.port, logins: [0, 1, 1] });
    writeConfig([]);
  });

  it("carries 5 MB through a ProxyCommand", async () => {
    writeConfig(["Host hop1", `  ProxyCommand ssh -F ${config}.plain -W %h:%p hop0`]);
    writeFileSync(
      `${config}.plain`,
      `Host hop0\n HostName 127.0.0.1\n Port ${servers[0]?.port}\n IdentityFile ${servers[0]?.file("user_key")}\n UserKnownHostsFile ${servers[0]?.knownHosts}\n`,
    );
    const transport = await connect("h1", { destination: "hop1" }, { sshConfig: config });
    expect((await transport.run(sh`head -c 5000000 /dev/zero | tr '\\0' x`)).stdout).toHaveLength(5_000_000);
    await transport.close();
    writeConfig([]);
  });

  it("says what a ProxyCommand that fails has said", async () => {
    writeConfig(["Host hop1", "  ProxyCommand echo no way >&2; exit 3"]);
    await expect(visit("hop1")).rejects.toMatchObject({ code: "LVS-CONNECT-024" });
    writeConfig(["Host hop1", `  ProxyCommand sh -c "echo no way >&2; exit 3"`]);
    await expect(visit("hop1")).rejects.toMatchObject({
      code: "LVS-CONNECT-024",
      message: expect.stringContaining("status 3"),
      details: { output: "no way" },
    });
    // The limit is what is tested; it may expire at any moment of the login.
    writeConfig(["Host hop1", "  ProxyCommand sleep 36000", "  ConnectTimeout 1"]);
    await expect(visit("hop1")).rejects.toMatchObject({ code: "LVS-CONNECT-003" });
    writeConfig([]);
  });

  it("puts nothing into a ProxyCommand that a shell would take for more than a word", async () => {
    const witness = servers[0]?.file("witness") ?? "";
    writeConfig(["Host *", "  ProxyCommand echo %n %h %r"]);
    const hostile = { destination: "hop1", user: `$(touch\${IFS}${witness})` };
    await expect(connect("h1", hostile, { sshConfig: config })).rejects.toMatchObject({ code: "LVS-CONNECT-023" });
    writeConfig([]);
    await expect(resolveRoute({ destination: "hop1" }, config, "h1")).resolves.toHaveLength(1);
  });
});

describe("parseJump", () => {
  test.each([
    ["bastion", { destination: "bastion" }],
    ["bob@bastion", { destination: "bastion", user: "bob" }],
    ["bastion:2222", { destination: "bastion", port: 2222 }],
    ["bob@10.0.0.1:22", { destination: "10.0.0.1", user: "bob", port: 22 }],
    ["[fd00::1]:2222", { destination: "fd00::1", port: 2222 }],
    ["bob@[fd00::1]", { destination: "fd00::1", user: "bob" }],
    ["fd00::1", { destination: "fd00::1" }],
    ["ssh://bob@bastion:2222", { destination: "bastion", user: "bob", port: 2222 }],
  ])("%s", (text, expected) => expect(parseJump(text, "h1")).toEqual(expected));

  test.each(["", "-oProxyCommand=x", "a:b", "[x", "a b@", "host:99999999"])("refuses %j", (text) => {
    expect(() => parseJump(text, "h1")).toThrow(expect.objectContaining({ code: "LVS-CONNECT-023" }));
  });
});
