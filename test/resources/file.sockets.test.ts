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

  test("where others can change a folder on the way, nothing is written or removed", async () => {
    host = await throwAwayHost(tools);
    await host.run(`umask 022; cd /var/lib; mkdir -p root/deep open/in theirs/in group
chmod 1777 open; chown 65534 theirs; chmod 775 group; echo root >root/f; echo root >root/deep/f
ln -s /var/lib/root open/planted; ln -s ../root/deep theirs/planted; ln -s open/planted mine; ln -s root/../root/deep safe`);
    const folders = ["open", "open/in", "open/planted", "theirs", "theirs/in", "theirs/planted", "group", "mine"];
    const places = folders.map((folder) => ({ path: `/var/lib/${folder}/f`, content: "ours", mode: "0644" }));
    const safe = ["root", "safe"].map((folder) => ({ path: `/var/lib/${folder}/f`, content: "ours", mode: "0644" }));
    const observed = await host.observe(file, [...places, ...safe]);
    const said = (state: FileState) => file.problem?.(state, observed, true)?.message;
    expect(
      places.map((state) =>
        said(state)
          ?.replace(/ and could.*/, "")
          .replace("/var/lib/", ""),
      ),
    ).toEqual([
      ...["open", "open", "open"].map((name) => `Users other than root can change what is in ${name} (mode 1777),`),
      ...["theirs", "theirs", "theirs"].map(
        (name) => `The user with the number 65534 can change what is in ${name} (mode 0755),`,
      ),
      "Users other than root can change what is in group (mode 0775),",
      "Users other than root can change what is in open (mode 1777),",
    ]);
    expect(safe.map(said)).toEqual([undefined, undefined]);

    const nothing = file.bare();
    for (const after of places) {
      for (const known of [observed, ...(after.path.includes("mine") ? [] : [nothing])]) {
        for (const change of [
          { before: undefined, after },
          { before: after, after: undefined },
        ])
          if (change.after !== undefined || after.path.includes("planted"))
            expect(await host.apply(file, change, known)).toMatchObject({
              status: 1,
              stderr: expect.stringMatching(/^Users other than root can change /),
            });
      }
    }
    expect((await host.run("cd /var/lib; cat root/f root/deep/f; find . -type f | sort")).stdout).toBe(
      "root\nroot\n./root/deep/f\n./root/f\n",
    );
    for (const after of safe)
      expect(await host.apply(file, { before: undefined, after }, observed)).toMatchObject({ status: 0 });
    expect((await host.run("cd /var/lib; cat root/f root/deep/f")).stdout).toBe("oursours");
    for (const before of safe)
      expect(await host.apply(file, { before, after: undefined }, observed)).toMatchObject({ status: 0 });
  });

  test("only plain files are read: a FIFO keeps what is in it, and nobody waits for it", async () => {
    host = await throwAwayHost(tools);
    await host.run(
      "cd /var/lib; mkfifo fifo empty; ln -s fifo link; echo plain >plain; (exec 3<>fifo; echo order >&3; sleep 36000) >/dev/null 2>&1 &",
    );
    const states = ["fifo", "empty", "link", "plain", "none"].map((name) => ({
      path: `/var/lib/${name}`,
      content: "",
      mode: "0644",
    }));
    const observed = await host.observe(file, states);
    expect([...observed.states.values()].map(({ content }) => content)).toEqual(["plain\n"]);
    expect(states.map((state) => file.problem?.(state, observed, true)?.message)).toEqual([
      ...["fifo", "empty"].map((name) => `/var/lib/${name} is a special file, and lvsctl writes plain files only.`),
      "/var/lib/link is a symbolic link, and lvsctl writes plain files only.",
      undefined,
      undefined,
    ]);
    expect((await host.run("head -n 1 /var/lib/fifo")).stdout).toBe("order\n");
  });

  test("a way through links without end is no way", async () => {
    host = await throwAwayHost(tools);
    await host.run("cd /var/lib; ln -s loop loop; ln -s . here; mkdir 'a b'; ln -s ../lib//./'a b' link");
    const states = ["loop/x", "here/here/here/x", "link/x"].map((name) => ({
      path: `/var/lib/${name}`,
      content: "",
      mode: "0644",
    }));
    const observed = await host.observe(file, states);
    expect(states.map(({ path }) => observed.detail.ways.get(path.slice(0, -2))?.end)).toEqual([
      undefined,
      "/var/lib",
      "/var/lib/a b",
    ]);
    expect(states.map((state) => file.problem?.(state, observed, false)?.message)).toEqual([
      "/var/lib/loop is not a folder, so /var/lib/loop/x cannot be in it.",
      undefined,
      undefined,
    ]);
  });
});
