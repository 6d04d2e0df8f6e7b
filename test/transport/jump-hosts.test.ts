/** Which hosts share a login to a jump host, and when it ends. */
import { describe, expect, it } from "vitest";
import { JumpHosts } from "../../src/transport/jump-hosts.ts";
import type { Login } from "../../src/transport/ssh-login.ts";

function jumps() {
  const hosts = new JumpHosts();
  const log: string[] = [];
  const lost = new Set<number>();
  let count = 0;
  const open = async () => {
    count += 1;
    const number = count;
    log.push(`login ${number}`);
    await Promise.resolve();
    const login = { hop: {}, isLost: () => lost.has(number) } as unknown as Login;
    return { login, close: () => log.push(`end ${number}`) };
  };
  const take = (host: string, isAnew = false, way = "bastion") => hosts.take(way, { host, isAnew }, open);
  return { hosts, take, log, lose: (number: number) => lost.add(number) };
}

describe("a login to a jump host", () => {
  it("is shared by all hosts behind it, and ends with the last", async () => {
    const { take, log } = jumps();
    const [one, two, three] = await Promise.all([take("rs1"), take("rs2"), take("rs3")]);
    one.release();
    one.release();
    three.release();
    await Promise.resolve();
    expect(log).toEqual(["login 1"]);
    two.release();
    await Promise.resolve();
    expect(log).toEqual(["login 1", "end 1"]);
    (await take("rs1")).release();
    expect(log.slice(2)).toEqual(["login 2"]);
  });

  it("is another one for another way", async () => {
    const { take, log } = jumps();
    await Promise.all([take("rs1"), take("rs2", false, "other")]);
    expect(log).toEqual(["login 1", "login 2"]);
  });

  it("is made again after it was lost, or failed", async () => {
    const { take, log, lose, hosts } = jumps();
    await take("rs1");
    lose(1);
    await take("rs1");
    expect(log).toEqual(["login 1", "login 2"]);
    const failing = () => Promise.reject(new Error("no"));
    const wishes = ["rs1", "rs2"].map((host) => hosts.take("far", { host, isAnew: false }, failing));
    expect(await Promise.allSettled(wishes)).toMatchObject([
      { reason: { message: "no" } },
      { reason: { message: "no" } },
    ]);
    await take("rs1", false, "far");
    expect(log.at(-1)).toBe("login 3");
  });

  it("that has to show that the way is open is never one from before, and one for all hosts", async () => {
    const { take, log } = jumps();
    await Promise.all([take("rs1"), take("rs2")]);
    await take("rs2"); // Its connection had broken.
    expect(log).toEqual(["login 1"]);
    await Promise.all([take("rs1", true), take("rs2", true)]);
    expect(log).toEqual(["login 1", "login 2"]);
    await take("rs1", true);
    await take("rs2", true);
    expect(log).toEqual(["login 1", "login 2", "login 3"]);
  });
});
