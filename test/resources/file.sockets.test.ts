import { afterEach, describe, expect, test } from "vitest";
import { type FileState, file } from "../../src/resources/file.ts";
import { type ThrowAwayHost, type Tools, throwAwayHost } from "./throw-away-host.ts";

const FOLDER = "/var/lib/lvsctl/web-lab/pages/80";
const TEXTS = [
  "",
  "\n",
  "no line end",
  "é $(reboot) `id` ' \" \\ %s\nEOF\n\n",
  `==> ${FOLDER}/4 <==\n`,
  "é".repeat(32768),
];
const ALL: readonly FileState[] = TEXTS.map((content, index) => ({
  path: `${FOLDER}/${index}`,
  content,
  mode: index % 2 === 0 ? "0644" : "0750",
}));

let host: ThrowAwayHost;

afterEach(() => host.end());

describe.each<Tools>(["gnu", "busybox"])("with %s tools", (tools) => {
  test("every text is read back as it was written, and removed with its folders", async () => {
    host = await throwAwayHost(tools);
    const before = await host.observe(file, ALL);
    expect(before.states.size).toBe(0);
    for (const after of ALL) {
      expect(file.problem?.(after, before, false)).toBeUndefined();
      expect(await host.apply(file, { before: undefined, after }, before)).toMatchObject({ stderr: "", status: 0 });
    }
    const found = await host.observe(file, ALL);
    expect([...found.states.values()]).toEqual(ALL);
    expect((await host.run(`ls -A ${FOLDER}`)).stdout).toBe("0\n1\n2\n3\n4\n5\n");

    for (const state of ALL) await host.apply(file, { before: state, after: undefined }, found);
    expect((await host.run("find /var/lib/lvsctl")).stdout).toBe("/var/lib/lvsctl\n");
  });

  test("an update replaces text and mode, and its inverse brings them back", async () => {
    host = await throwAwayHost(tools);
    const before = { path: "/var/lib/motd", content: "one\n", mode: "0600" };
    const after = { ...before, content: "two\n", mode: "0644" };
    const nothing = await host.observe(file, [before]);
    for (const change of [
      { before: undefined, after: before },
      { before, after },
      { before: after, after: before },
    ]) {
      await host.apply(file, change, nothing);
      expect((await host.observe(file, [before])).states.get(before.path)).toEqual(change.after);
    }
  });

  test("what is no plain file is a problem, and is not written through", async () => {
    host = await throwAwayHost(tools);
    await host.run("cd /var/lib; echo theirs > target; ln -s target link; mkdir folder; ln -s target .new.lvsctl");
    const states = ["link", "folder", "new"].map((name) => ({
      path: `/var/lib/${name}`,
      content: "ours",
      mode: "0644",
    }));
    const observed = await host.observe(file, states);
    expect(states.map((state) => file.problem?.(state, observed, true)?.message.replace(/,.*/, ""))).toEqual([
      "/var/lib/link is a symbolic link",
      "/var/lib/folder is a directory",
      undefined,
    ]);
    const results = [];
    for (const after of states) results.push(await host.apply(file, { before: undefined, after }, observed));
    expect(results.map(({ status }) => status)).toEqual([1, 1, 0]);
    expect((await host.run("cd /var/lib; cat target new; ls -A")).stdout).toBe(
      "theirs\noursfolder\nlink\nnew\ntarget\n",
    );
  });

  test("text that is not UTF-8, or too long, is a problem", async () => {
    host = await throwAwayHost(tools);
    await host.run(
      "cd /var/lib; printf 'a\\377b' > binary; printf 'a\\000b' > nul; head -c 65537 /dev/zero | tr '\\000' x > large",
    );
    const states = ["binary", "nul", "large"].map((name) => ({
      path: `/var/lib/${name}`,
      content: "ours",
      mode: "0644",
    }));
    const observed = await host.observe(file, states);
    expect(observed.states.size).toBe(0);
    for (const state of states)
      expect(file.problem?.(state, observed, true)?.message).toMatch(/text of at most 64 KiB/);
  });
});
