import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ConnectOptions } from "../../src/transport/connect.ts";
import { connect } from "../../src/transport/connect.ts";
import { fingerprint, formatKnownHost, matchesHost, parseKnownHosts } from "../../src/transport/known-hosts.ts";
import { hasSshd, LoopbackSshd, makeKey } from "../helpers/loopback-sshd.ts";

describe.skipIf(!hasSshd)("host keys", () => {
  let sshd: LoopbackSshd;
  let good: string;
  let otherKey: string;
  beforeAll(async () => {
    sshd = await LoopbackSshd.start({ hostKeyTypes: ["ed25519", "rsa", "ecdsa"] });
    good = sshd.knownHostsLines();
    otherKey = readFileSync(`${makeKey(sshd.folder, "other", "ed25519")}.pub`, "utf8").trim();
  });
  afterAll(() => sshd.stop());
  beforeEach(() => writeFileSync(sshd.knownHosts, good));
  afterEach(() => rmSync(sshd.file("elsewhere"), { recursive: true, force: true }));

  const name = () => `[127.0.0.1]:${sshd.port}`;
  const logIn = async (lines: string, more: readonly string[] = [], options: ConnectOptions = {}) => {
    writeFileSync(sshd.knownHosts, lines);
    const transport = await connect("h1", { destination: "target" }, { sshConfig: sshd.sshConfig(more), ...options });
    await transport.close();
  };
  const lineOf = (type: string) =>
    good.split("\n").find((line) => line.includes(` ssh-${type} `) || line.includes(` ${type}`)) ?? "";

  it("takes a host by each of its keys alone", async () => {
    for (const type of ["ed25519", "rsa", "ecdsa-sha2"]) await logIn(`${lineOf(type)}\n`);
  });

  it("refuses an unknown host, with its fingerprint and what to do", async () => {
    const print = execFileSync("ssh-keygen", ["-lf", sshd.file("host_ed25519.pub")], { encoding: "utf8" }).split(
      " ",
    )[1];
    await expect(logIn("")).rejects.toMatchObject({
      code: "LVS-CONNECT-006",
      exit: 4,
      message: expect.stringContaining(`ssh-ed25519 key ${print}`),
      details: {
        host: "h1",
        hint: expect.stringMatching(new RegExp(`--accept-new.*ssh-keyscan -p ${sshd.port} 127.0.0.1`)),
        output: lineOf("ed25519").split(" ").slice(0, 3).join(" "),
      },
    });
    expect(readFileSync(sshd.knownHosts, "utf8")).toBe("");
  });

  it("knows a host by a hashed line that ssh-keygen wrote", async () => {
    execFileSync("ssh-keygen", ["-q", "-H", "-f", sshd.knownHosts]);
    rmSync(`${sshd.knownHosts}.old`);
    const hashed = readFileSync(sshd.knownHosts, "utf8");
    expect(hashed).toMatch(/^\|1\|/);
    await logIn(hashed);
  });

  it("refuses a changed key, naming file and line, whatever the settings", async () => {
    const lines = `# first\nx ${otherKey}\n${name()} ${otherKey}\n`;
    for (const more of [[], ["StrictHostKeyChecking no"], ["StrictHostKeyChecking accept-new"]]) {
      await expect(logIn(lines, more, { acceptNew: true })).rejects.toMatchObject({
        code: "LVS-CONNECT-007",
        message: expect.stringContaining(`${sshd.knownHosts}:3`),
        details: { at: { file: sshd.knownHosts, line: 3, column: 1 } },
      });
    }
    expect(readFileSync(sshd.knownHosts, "utf8")).toBe(lines);
  });

  it("takes one of several keys", async () => {
    await logIn(`${name()} ${otherKey}\n${good}`);
  });

  it("refuses a revoked key, even when it is also known", async () => {
    const [, ...key] = lineOf("ed25519").split(" ");
    await expect(logIn(`${good}@revoked * ${key.join(" ")}\n`)).rejects.toMatchObject({ code: "LVS-CONNECT-008" });
  });

  it("refuses a key that is revoked for the host without a port, even when it is known at this port", async () => {
    const [, ...key] = lineOf("ed25519").split(" ");
    const revoked = `@revoked 127.0.0.1 ${key.join(" ")}\n`;
    await expect(logIn(revoked)).rejects.toMatchObject({ code: "LVS-CONNECT-008" });
    await expect(logIn(`${good}${revoked}`)).rejects.toMatchObject({ code: "LVS-CONNECT-008" });
    await logIn(`${good}@revoked 127.0.0.2 ${key.join(" ")}\n@revoked 127.0.0.1 ${otherKey}\n`);
  });

  it("looks for no line without a port where there is a HostKeyAlias", async () => {
    const [, ...key] = lineOf("ed25519").split(" ");
    const alias = ["HostKeyAlias alias"];
    await expect(logIn(sshd.knownHostsLines("127.0.0.1"), alias)).rejects.toMatchObject({ code: "LVS-CONNECT-006" });
    await logIn(`${sshd.knownHostsLines("alias")}@revoked 127.0.0.1 ${key.join(" ")}\n`, alias);
  });

  it("says that it cannot check certificates", async () => {
    await expect(logIn(`@cert-authority * ${otherKey}\n`)).rejects.toMatchObject({ code: "LVS-CONNECT-009" });
    await logIn(`@cert-authority * ${otherKey}\n${good}`);
  });

  it("knows a host at another port by the line without a port", async () => {
    await logIn(sshd.knownHostsLines("127.0.0.1"));
    await expect(logIn(`127.0.0.1 ${otherKey}\n`)).rejects.toMatchObject({ code: "LVS-CONNECT-006" });
  });

  it("looks a host up by its HostKeyAlias", async () => {
    await logIn(sshd.knownHostsLines("alias"), ["HostKeyAlias alias"]);
    await expect(logIn(good, ["HostKeyAlias alias"])).rejects.toMatchObject({ code: "LVS-CONNECT-006" });
  });

  it("reads several files, the global ones too", async () => {
    writeFileSync(sshd.file("global"), good);
    writeFileSync(sshd.file("second"), good);
    await logIn("", [`GlobalKnownHostsFile /nonexistent ${sshd.file("global")}`]);
    await logIn("", [`UserKnownHostsFile ${sshd.knownHosts} ${sshd.file("second")}`]);
    await expect(logIn("", [`UserKnownHostsFile ${sshd.folder}`])).rejects.toMatchObject({ code: "LVS-CONNECT-010" });
  });

  it("remembers a new host on request, once, in a file and folder of its own", async () => {
    const file = sshd.file("elsewhere/dir/known_hosts");
    const more = [`UserKnownHostsFile ${file}`];
    await logIn("", more, { acceptNew: true });
    const written = readFileSync(file, "utf8");
    expect(good).toContain(written.trim());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(sshd.file("elsewhere/dir")).mode & 0o777).toBe(0o700);
    await logIn("", more, { acceptNew: true });
    expect(readFileSync(file, "utf8")).toBe(written);
  });

  it("adds to a file whose last line has no end, and hashes where ssh_config says so", async () => {
    await logIn(`x ${otherKey}`, ["StrictHostKeyChecking accept-new", "HashKnownHosts yes"]);
    const lines = readFileSync(sshd.knownHosts, "utf8").split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^\|1\|/);
    const found = execFileSync("ssh-keygen", ["-F", name(), "-f", sshd.knownHosts], { encoding: "utf8" });
    expect(found).toContain("found: line 2");
  });

  it("remembers many new hosts at the same time without losing a line", async () => {
    const names = Array.from({ length: 8 }, (_, n) => `alias${n}`);
    await Promise.all(
      names.map(async (alias, n) => {
        const config = sshd.sshConfig([`HostKeyAlias ${alias}`, "HashKnownHosts no"], `config${n}`);
        if (n === 0) writeFileSync(sshd.knownHosts, "");
        await (await connect(alias, { destination: "target" }, { sshConfig: config, acceptNew: true })).close();
      }),
    );
    const lines = parseKnownHosts(readFileSync(sshd.knownHosts, "utf8"), "f").map((line) => line.names);
    expect([...lines].sort()).toEqual(names);
  });

  it("says that a host no longer has a key of a known type", async () => {
    const ed = await LoopbackSshd.start({ hostKeyTypes: ["ed25519"] });
    try {
      writeFileSync(ed.knownHosts, lineOf("rsa").replace(name(), `[127.0.0.1]:${ed.port}`));
      await expect(connect("h2", { destination: "target" }, { sshConfig: ed.sshConfig() })).rejects.toMatchObject({
        code: "LVS-CONNECT-007",
        message: expect.stringContaining(`${ed.knownHosts}:1`),
      });
    } finally {
      await ed.stop();
    }
  });

  it("agrees with ssh-keygen on fingerprints and hashes", () => {
    for (const type of ["ed25519", "rsa", "ecdsa"]) {
      const file = sshd.file(`host_${type}.pub`);
      const key = Buffer.from(readFileSync(file, "utf8").split(" ")[1] ?? "", "base64");
      expect(execFileSync("ssh-keygen", ["-lf", file], { encoding: "utf8" })).toContain(fingerprint(key));
      const line = formatKnownHost("[h]:99", key, Buffer.alloc(20, 1));
      writeFileSync(sshd.file("hashed"), line);
      expect(execFileSync("ssh-keygen", ["-F", "[h]:99", "-f", sshd.file("hashed")], { encoding: "utf8" })).toContain(
        "line 1",
      );
      expect(parseKnownHosts(line, "f").every((parsed) => matchesHost(parsed, "[h]:99"))).toBe(true);
    }
  });
});
