import { expect, test } from "vitest";
import { systemdFiles } from "../../src/lab/systemd-host.ts";

const { files, folders } = systemdFiles({
  wanted: ["docker.service", "systemd-sysctl.service", "getty.target", "docker.service"],
  generators: ["netplan"],
});
const tree = files("dr");
const link = (path: string) =>
  tree.flatMap((entry) => ("linkTo" in entry && entry.path === path ? [entry.linkTo] : []));

test("a host starts nothing that this machine's packages want started, except what every system has", () => {
  expect(link("etc-systemd/system/docker.service")).toEqual(["/dev/null"]);
  expect(link("etc-systemd/system/getty.target")).toEqual(["/dev/null"]);
  expect(link("etc-systemd/system/systemd-sysctl.service")).toEqual([]);
  expect(link("etc-systemd/system-generators/netplan")).toEqual(["/dev/null"]);
  expect(link("etc-systemd/system/multi-user.target.wants/ssh.service")).toEqual(["/etc/systemd/system/ssh.service"]);
});

test("a host has its own id, and does not count as one that boots for the first time", () => {
  const id = (host: string) => files(host).find(({ path }) => path === "upper/etc/machine-id");
  expect(id("dr")).toMatchObject({ content: expect.stringMatching(/^[0-9a-f]{32}\n$/) });
  expect(id("dr")).not.toEqual(id("rs1"));
});

test("this machine's /etc/systemd is hidden by the host's own", () => {
  expect(folders["etc-systemd"]).toBe("/etc/systemd");
});
