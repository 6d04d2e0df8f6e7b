/** No playbook writes what lvsctl itself runs on a host, or what changes how it is run. */
import { describe, expect, it } from "vitest";
import { RC_LOCALS, unitFiles } from "../../src/resources/boot/boot-manager.ts";
import { restoreHooks } from "../../src/resources/boot/restore-hooks.ts";
import { file } from "../../src/resources/file.ts";

const write = (path: string) => file.resolve({ path, content: "a" }, { topology: "web-lab", host: "dr" });

const made = ["web-lab", "other"].flatMap((topology) => [
  ...(["systemd", "openrc"] as const).flatMap((manager) =>
    Object.values(unitFiles(manager, topology)).filter((text) => /^\/[^\n]+$/.test(text)),
  ),
  ...restoreHooks(topology).map(({ path }) => path),
]);

describe("what lvsctl makes outside of its folders", () => {
  it.each([...new Set([...made, ...RC_LOCALS])])("%s", (path) => {
    expect(() => write(path)).toThrow("is where lvsctl keeps its own files");
  });

  it("has units, scripts and additions to others", () => {
    expect(made.length).toBeGreaterThan(30);
  });
});

describe("what changes how they are run", () => {
  it.each([
    "/etc/systemd/system/lvsctl-undo-.service.d/z.conf",
    "/etc/systemd/system/lvsctl-.service.d/z.conf",
    "/run/systemd/transient/lvsctl-undo-1.service",
    "/var/run/systemd/system/lvsctl-web-lab.service",
    "/usr/local/lib/systemd/system/lvsctl-web-lab.service.d/z.conf",
    "/lib/systemd/system/lvsctl-web-lab@.service.d/z.conf",
    "/usr/lib/systemd/system/service.d/z.conf",
    "/etc/systemd/system/timer.d/z.conf",
    "/etc/conf.d/lvsctl-web-lab",
    "/run/lvsctl.lock",
    "/run/lvsctl-lab/dr-lab/state.json",
    "/etc/rc.d/init.d/lvsctl-web-lab",
  ])("%s", (path) => {
    expect(() => write(path)).toThrow("is where lvsctl keeps its own files");
  });
});

describe("what is others' is theirs to write", () => {
  it.each([
    "/etc/systemd/system/nginx.service",
    "/etc/systemd/system/nginx.service.d/limits.conf",
    "/etc/init.d/lvsctld",
    "/etc/NetworkManager/dispatcher.d/90-routes",
    "/etc/rc.local.d/x",
    "/srv/lvsctl-notes",
    "/run/others/lvsctl.lock",
    "/etc/motd.d/10-lvsctl-web-lab",
    "/var/lib/lvsctl/web-lab/service.d/x",
  ])("%s", (path) => {
    expect(write(path)).toMatchObject([{ path }]);
  });
});
