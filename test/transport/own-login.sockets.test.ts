/** How a host itself sees the connection that it is read by: over IPv4 and IPv6, as root and by sudo, with a real sshd. */
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSurroundings, surroundingsReads } from "../../src/resources/surroundings.ts";
import { connect } from "../../src/transport/connect.ts";
import { connectLocal } from "../../src/transport/local.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { hasSshd, LoopbackSshd } from "../helpers/loopback-sshd.ts";
import { hasAccounts } from "../helpers/private-accounts.ts";

const PASSWORD = "s3cret";
const hasIpv6 = await listensOn("::1");

describe.skipIf(!hasSshd || !hasAccounts)("the login of a session", () => {
  let sshd: LoopbackSshd;
  beforeAll(async () => {
    const accounts = ["alice", "free"].map((name) => ({ name, password: PASSWORD }));
    const sudoers = ["Defaults:free use_pty", "alice ALL=(ALL) ALL", "free ALL=(ALL) NOPASSWD: ALL"];
    const ipv6 = hasIpv6 ? ["ListenAddress ::1"] : [];
    const port = await freePort();
    const config = [`Port ${port}`, ...ipv6, "PasswordAuthentication yes"];
    sshd = await LoopbackSshd.start({ accounts, sudoers, config, port });
  });
  afterAll(async () => {
    await sshd?.stop();
  });

  async function loginOf(user: string, address: string) {
    const file = sshd.file(`config-${user}-${address.replaceAll(":", "_")}`);
    const lines = [`HostName ${address}`, `Port ${sshd.port}`, "IdentityFile none", "IdentityAgent none"];
    writeFileSync(
      file,
      ["Host h1", ...lines, "StrictHostKeyChecking accept-new", `UserKnownHostsFile ${file}-known`, ""].join("\n"),
    );
    const ssh = { destination: "h1", user, become: "sudo" as const };
    const transport = await connect("h1", ssh, { sshConfig: file, acceptNew: true, askSecret: async () => PASSWORD });
    return read(transport);
  }

  it.each([
    ["by sudo with a password, over IPv4", "alice", "127.0.0.1", 4],
    ["by sudo with a terminal of its own, over IPv4", "free", "127.0.0.1", 4],
    ...(hasIpv6 ? [["by sudo, over IPv6", "alice", "::1", 6] as const] : []),
  ] as const)("is known %s", async (_about, user, address, family) => {
    expect(await loginOf(user, address)).toEqual({
      family,
      client: address,
      clientPort: expect.any(Number),
      address,
      port: sshd.port,
      reply: expect.objectContaining({ type: "local", device: "lo" }),
    });
  });

  it("is known without sudo", async () => {
    const root = await LoopbackSshd.start();
    try {
      const transport = await connect("h1", { destination: "target" }, { sshConfig: root.sshConfig() });
      expect(await read(transport)).toMatchObject({ client: "127.0.0.1", address: "127.0.0.1", port: root.port });
    } finally {
      await root.stop();
    }
  });
});

it("there is none on this machine itself, unless we have come by SSH", async () => {
  const { SSH_CONNECTION: own } = process.env;
  const login = await read(connectLocal("h1"));
  if (own === undefined) expect(login?.client).toBeUndefined();
  else expect(login?.client).toBe(own.split(" ")[0]);
});

async function read(transport: Transport) {
  try {
    const outputs = await transport.read(surroundingsReads([], new Map()));
    expect(transport.execs).toBe(1);
    return parseSurroundings(outputs).login;
  } finally {
    await transport.close();
  }
}

function listensOn(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once("error", () => resolve(false))
      .listen(0, address, () => server.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(0, "127.0.0.1", () => {
        const address = server.address();
        const port = typeof address === "object" && address ? address.port : 0;
        server.close(() => resolve(port));
      });
  });
}
