import { describe, expect, it } from "vitest";
import { onEachHost } from "../../src/app/each-host.ts";
import type { HostOptions, Target } from "../../src/app/host-options.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";

const targets: readonly Target[] = ["a", "b", "c"].map((name) => ({ name, ssh: { destination: name } }));
const options: HostOptions = { parallel: 32 };

describe("work on each host", () => {
  it("gives what came of it, in the order of the hosts", async () => {
    const found = await onEachHost(targets, options, "", async ({ name }) => {
      if (name === "a") await new Promise((resolve) => setImmediate(resolve));
      return name.toUpperCase();
    });
    expect([...found]).toEqual([
      ["a", "A"],
      ["b", "B"],
      ["c", "C"],
    ]);
  });

  it("is done on no more hosts at a time than --parallel says", async () => {
    let now = 0;
    let most = 0;
    await onEachHost(targets, { parallel: 2 }, "", async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
    });
    expect(most).toBe(2);
  });

  it("says how far it is and whom it waits for, and that it is over, also when it fails", async () => {
    const said: (string | undefined)[] = [];
    const steps = new Set<string | undefined>();
    const onStatus = (step: string | undefined, now?: string) => {
      steps.add(step);
      said.push(now);
    };
    const last = targets.at(-1) ?? { name: "" };
    const failing = onEachHost(targets, { ...options, parallel: 1, onStatus }, "reading", async ({ name }) => {
      if (name === last.name) throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect([...steps]).toEqual([`reading ${targets.length} hosts`, undefined]);
    expect(said[0]).toContain(`reading hosts, 0 of ${targets.length}`);
    expect(said.at(-2)).toBe(`reading hosts, ${targets.length - 1} of ${targets.length}; waiting for ${last.name}`);
    expect(said.at(-1)).toBeUndefined();
  });

  it("asks for one password once, however many hosts want it", async () => {
    let asked = 0;
    const askSecret = async () => `secret ${++asked}`;
    const found = await onEachHost(targets, { ...options, askSecret }, "", (_target, own) =>
      Promise.resolve(own.askSecret?.("Password:")),
    );
    expect([...found.values()]).toEqual(["secret 1", "secret 1", "secret 1"]);
  });

  it("connects by the host's own ssh_config where it has one", async () => {
    const inLab: Target = { name: "d", ssh: { destination: "d" }, sshConfig: "/lab/ssh_config" };
    const own = { ...options, sshConfig: "/my/config" };
    const found = await onEachHost([...targets, inLab], own, "", async (_target, { sshConfig }) => sshConfig);
    expect([...found.values()]).toEqual(["/my/config", "/my/config", "/my/config", "/lab/ssh_config"]);
  });
});

describe("work that fails", () => {
  const failing = (codes: Readonly<Record<string, "LVS-CONNECT-003" | "LVS-FACT-001">>) =>
    onEachHost(targets, options, "", async ({ name }) => {
      const code = codes[name];
      if (code) throw new LvsctlError(code, name, { host: name });
    });

  it("on one host is that host's error", async () => {
    await expect(failing({ b: "LVS-CONNECT-003" })).rejects.toMatchObject({ code: "LVS-CONNECT-003", message: "b" });
  });

  it("on several hosts is one error with all of theirs", async () => {
    await expect(failing({ a: "LVS-CONNECT-003", b: "LVS-CONNECT-003" })).rejects.toMatchObject({
      code: "LVS-CONNECT-000",
      message: "2 of 3 hosts failed; see above.",
      details: { problems: [{ message: "a" }, { message: "b" }] },
    });
    await expect(failing({ a: "LVS-CONNECT-003", c: "LVS-FACT-001" })).rejects.toMatchObject({ code: "LVS-FACT-000" });
  });

  it("by a mistake of ours is that mistake, whatever else failed", async () => {
    const mistake = new TypeError("of ours");
    const work = async ({ name }: Target) => {
      throw name === "b" ? mistake : new LvsctlError("LVS-FACT-001", name);
    };
    await expect(onEachHost(targets, options, "", work)).rejects.toBe(mistake);
  });
});
