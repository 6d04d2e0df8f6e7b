/** Folders of lvsctl's that another user of the host has planted or could change: nothing that root runs is kept there. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ArmedRoot } from "../../helpers/armed-root.ts";

const NOBODY = 65534;
const PLANTED = {
  "that is another user's": `mkdir -p $d; chown ${NOBODY} $d`,
  "that everybody can write to": "mkdir -p $d; chmod 0777 $d",
  "that a group can write to": "mkdir -p $d; chmod 0770 $d",
  "that is another user's link": `mkdir -p /var/lib/theirs \${d%/*}; ln -s /var/lib/theirs $d; chown -h ${NOBODY} $d`,
  "that is a link into another user's folder": `mkdir -p /var/lib/theirs \${d%/*}; chown ${NOBODY} /var/lib/theirs; ln -s /var/lib/theirs $d`,
};
const FOLDERS = ["/run/lvsctl", "/var/lib/lvsctl", "/var/lib/lvsctl/demo"];
const cases = FOLDERS.flatMap((folder) =>
  Object.entries(PLANTED).map(([what, script]) => [folder, what, script] as const),
);

describe.each(["gnu", "busybox"])("with the tools of %s", (tools) => {
  let host: ArmedRoot;

  beforeEach(async () => {
    host = new ArmedRoot();
    if (tools === "busybox") await host.replace("stat", 'exec busybox stat "$@"');
  });
  afterEach(() => host.close());

  it.each(cases)("%s %s: no run begins there, and nothing is written", async (folder, _what, script) => {
    await host.run(`d=${folder}; umask 022\n${script}`);
    const before = await host.run(`ls -Ali ${folder} ${folder}/`);
    expect(await host.arm()).toEqual({ answer: "exposed", status: 1 });
    expect((await host.run(`find ${folder}/ -mindepth 1 ! -path /var/lib/lvsctl/demo`)).stdout).toBe("");
    expect((await host.run(`stat -c '%u %a %F' ${folder}`)).stdout).not.toBe("");
    expect(before.status).toBe(0);
    expect((await host.read()).state.pending).toBeUndefined();
  });

  it("root's own link to a folder of root's is as good as a folder", async () => {
    await host.run(
      "umask 022; mkdir -p /var/lib/elsewhere /var/lib/lvsctl; rmdir /var/lib/lvsctl; ln -s elsewhere /var/lib/lvsctl",
    );
    expect(await host.arm()).toEqual({ answer: "armed", status: 0 });
  });

  it("a link in the place of a run's file is not followed", async () => {
    await host.run(
      "umask 022; mkdir -p /var/lib/lvsctl; echo theirs >/var/lib/theirs; ln -s ../theirs /var/lib/lvsctl/.transaction.new",
    );
    expect(await host.arm()).toEqual({ answer: "armed", status: 0 });
    expect((await host.run("cat /var/lib/theirs")).stdout).toBe("theirs\n");
  });
});
