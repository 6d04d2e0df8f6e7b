/**
 * What starts us at boot, as text: test/fixtures/boot has one file a manager, and UPDATE_GOLDEN=1 rewrites them. A changed
 * text shows as a change in the next plan of every host that has the old one.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openrcScript, rcLocalBlock, systemdUnit } from "../../src/resources/boot/boot-manager.ts";
import { restoreHooks } from "../../src/resources/boot/restore-hooks.ts";

const folder = new URL("../fixtures/boot/", import.meta.url);

const hooks = Object.fromEntries(restoreHooks("web-lab", ["nftables"]).map(({ path, text }) => [path, text]));

test.each([
  ["nftables.conf", hooks["/etc/systemd/system/nftables.service.d/lvsctl-web-lab.conf"]],
  ["ipvsadm.conf", hooks["/etc/systemd/system/ipvsadm.service.d/lvsctl-web-lab.conf"]],
  ["networking.conf", hooks["/etc/systemd/system/networking.service.d/lvsctl-web-lab.conf"]],
  ["networkd.conf", hooks["/etc/systemd/system/systemd-networkd.service.d/lvsctl-web-lab.conf"]],
  ["firewalld.conf", hooks["/etc/systemd/system/firewalld.service.d/lvsctl-web-lab.conf"]],
  ["firewalld.service", hooks["/etc/systemd/system/lvsctl-web-lab@firewalld.service"]],
  ["networkd.service", hooks["/etc/systemd/system/lvsctl-web-lab@systemd-networkd.service"]],
  ["dispatcher.sh", hooks["/etc/NetworkManager/dispatcher.d/90-lvsctl-web-lab"]],
  ["netfilter-plugin.sh", hooks["/usr/share/netfilter-persistent/plugins.d/90-lvsctl-web-lab"]],
  ["if-up.sh", hooks["/etc/network/if-up.d/90-lvsctl-web-lab"]],
  ["systemd.service", systemdUnit("web-lab").text],
  ["openrc.sh", openrcScript("web-lab").text],
  ["rc.local", `${rcLocalBlock("web-lab").join("\n")}\n`],
])("%s", (name, text) => {
  const path = new URL(name, folder);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text ?? "");
  else expect(text).toBe(readFileSync(path, "utf8"));
});

test("systemd 219 reads no longer lines than this, and a topology's name has up to 63 characters", () => {
  const lines = systemdUnit("n".repeat(63)).text.split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2047);
});
