import { describe, expect, it } from "vitest";
import { assertInit } from "../../src/lab/host-init.ts";
import { openrcFiles } from "../../src/lab/openrc-host.ts";

describe("hosts with an init", () => {
  it("cannot be made on this machine's own kernel", () => {
    expect(() => assertInit("systemd", "native")).toThrow(
      expect.objectContaining({ code: "LVS-LAB-007", message: expect.stringContaining("systemd") }),
    );
    expect(assertInit("openrc", "uml")).toBeUndefined();
    expect(assertInit("systemd", "qemu")).toBeUndefined();
  });

  it("with OpenRC have sshd in the runlevel default, and none of this machine's services", () => {
    const { files, folders, command } = openrcFiles("/var/cache/lvsctl/openrc/1");
    expect(command).toEqual(["/sbin/openrc-init"]);
    expect(folders).toMatchObject({ "etc-init.d": "/etc/init.d", "etc-runlevels": "/etc/runlevels" });
    expect(files("dr")).toContainEqual({ path: "etc-runlevels/default/sshd", linkTo: "/etc/init.d/sshd" });
    const scripts = files("dr").filter(({ path }) => path.startsWith("etc-init.d/"));
    expect(scripts.map(({ path }) => path)).toEqual(["etc-init.d/localmount", "etc-init.d/network", "etc-init.d/sshd"]);
    for (const script of scripts)
      expect(script).toMatchObject({ mode: 0o755, content: expect.stringMatching(/^#!\/sbin\/openrc-run\n/) });
  });
});
