/** What hooks ask for when their services say something: real messages on a bus of our own, and scripts as the services run them. */
import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { restoreHooks } from "../../src/resources/boot/restore-hooks.ts";
import { type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

const HAS_BUS = existsSync("/usr/bin/dbus-daemon") && existsSync("/usr/bin/busctl");

/** A host with four interfaces, a systemctl that notes what it is told, and a NetworkManager that has numbered them. */
const SET_UP = `set -e
mount -t sysfs sysfs /sys
ip link add eth0 type veth peer name eth1
ip link add eth2 type veth peer name eth3
printf '#!/bin/sh\\necho "$*" >>/run/calls\\n' >/usr/local/sbin/systemctl
cat >/usr/local/sbin/busctl <<'END'
#!/bin/sh
case $1 in get-property) echo "s \\"eth\${3##*/}\\"" ;; *) exec /usr/bin/busctl "$@" ;; esac
END
chmod 755 /usr/local/sbin/systemctl /usr/local/sbin/busctl`;

const BUS = `export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/bus
dbus-daemon --session --nofork --nopidfile --address="$DBUS_SYSTEM_BUS_ADDRESS" </dev/null >/dev/null 2>&1 &
until [ -S /run/bus ]; do sleep 0.1; done`;

let host: ThrowAwayHost;

beforeEach(async () => {
  host = await throwAwayHost();
  expect(await host.run(SET_UP)).toMatchObject({ status: 0, stderr: "" });
});
afterEach(() => host.end());

const CHANGED = "org.freedesktop.DBus.Properties PropertiesChanged 'sa{sv}as'";

/** What these services say of an interface. */
const SAY = {
  "systemd-networkd": (device: string, value: string) => {
    const property = ["off", "no-carrier", "carrier", "routable"].includes(value)
      ? "OperationalState"
      : "AdministrativeState";
    const path = `/org/freedesktop/network1/link/_3$(cat /sys/class/net/${device}/ifindex || echo 999)`;
    return `busctl emit "${path}" ${CHANGED} org.freedesktop.network1.Link 2 IPv4AddressState s off ${property} s ${value} 0`;
  },
  NetworkManager: (device: string, value: string) =>
    `busctl emit /org/freedesktop/NetworkManager/Devices/${device.replace("eth", "")} ${CHANGED} ` +
    `org.freedesktop.NetworkManager.Device.Wired 1 Carrier b ${value} 0`,
} as const;

const RENEWED = ["initialized", "configuring", "carrier", "routable", "configured"];

describe.skipIf(!HAS_BUS)("of what is said on D-Bus", () => {
  test.each([
    ["systemd-networkd", RENEWED, ["no-carrier", "carrier", "routable", "configuring", "configured"]],
    ["systemd-networkd", ["off", "no-carrier", "carrier", "routable"], ["off", "no-carrier", "carrier"]],
    ["systemd-networkd", ["initialized", "routable"], ["initialized", "configuring"]],
    ["systemd-networkd", ["initialized", "configured"], ["carrier"]],
    ["NetworkManager", ["true"], ["false"]],
  ] as const)(
    "a hook of %s hears %j and not %j, and asks for that interface alone",
    async (service, heard, unheard) => {
      const say = (device: string, values: readonly string[]) =>
        values.map((value) => SAY[service](device, value)).join("\n");
      const { stdout } = await host.run(`${BUS}
${listening(service)}
until [ -e /run/lvsctl-asked/web-lab:network:eth0 ]; do ${say("eth0", heard)}; sleep 0.5; done
${say("eth1", unheard)}
${service === "systemd-networkd" ? say("gone", heard) : ":"}
${say("eth2", heard)}
until [ -e /run/lvsctl-asked/web-lab:network:eth2 ]; do sleep 0.2; done
ls -A /run/lvsctl-asked; sort -u /run/calls; kill $(jobs -p)`);
      expect(stdout).toBe(`web-lab:network:eth0\nweb-lab:network:eth2\n${RELOAD}`);
    },
  );

  test("a hook of firewalld hears of a reload, and asks for rules", async () => {
    const { stdout } = await host.run(`${BUS}
${listening("firewalld")}
firewalld() { busctl emit /org/fedoraproject/FirewallD1 org.fedoraproject.FirewallD1 "$@"; }
until [ -e /run/lvsctl-asked/web-lab:rules ]; do firewalld Reloaded; sleep 0.5; done
ls -A /run/lvsctl-asked; sort -u /run/calls; kill $(jobs -p)`);
    expect(stdout).toBe(`web-lab:rules\n${RELOAD}`);
  });
});

const RELOAD = "--no-block reload-or-try-restart lvsctl-web-lab.service\n";

/** Shell text that does in the background what the unit does that waits for messages of a service. */
function listening(service: string): string {
  const unit = restoreHooks("web-lab").find(({ path }) => path.endsWith(`@${service}.service`))?.text ?? "";
  const line = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(unit)?.[1] ?? "";
  const script = line.replaceAll("$$", "$").replaceAll("%%", "%").replaceAll("/bin/systemctl", "systemctl");
  return `{ ${script}; } </dev/null >/dev/null 2>&1 &`;
}

const IF_UP = "/etc/network/if-up.d/90-lvsctl-web-lab";
const DISPATCHER = "/etc/NetworkManager/dispatcher.d/90-lvsctl-web-lab";
const PLUGIN = "/usr/share/netfilter-persistent/plugins.d/90-lvsctl-web-lab";

test.skipIf(!HAS_BUS)("a link that was renewed once is not renewed by every carrier that comes back", async () => {
  const say = (device: string, ...values: readonly string[]) =>
    values.map((value) => SAY["systemd-networkd"](device, value)).join("\n");
  const { stdout } = await host.run(`${BUS}
${listening("systemd-networkd")}
until [ -e /run/lvsctl-asked/web-lab:network:eth0 ]; do ${say("eth0", "initialized", "routable")}; sleep 0.5; done
${say("eth1", ...RENEWED, "off", "no-carrier", "carrier", "routable")}
${say("eth2", ...RENEWED)}
until [ -e /run/lvsctl-asked/web-lab:network:eth2 ]; do sleep 0.2; done
rm /run/lvsctl-asked/*
${say("eth1", "carrier", "routable", "configured")}
${say("eth3", ...RENEWED)}
until [ -e /run/lvsctl-asked/web-lab:network:eth3 ]; do sleep 0.2; done
ls -A /run/lvsctl-asked; kill $(jobs -p)`);
  expect(stdout.replace("web-lab:network:eth2\n", "")).toBe("web-lab:network:eth3\n");
});

test.each([
  [IF_UP, "IFACE=eth1", "", "network:eth1"],
  [IF_UP, "IFACE=eth1:0", "", "network:eth1"],
  [IF_UP, "IFACE=--all", "", ""],
  [IF_UP, "", "", ""],
  [DISPATCHER, "", "eth1 up", "network:eth1"],
  [DISPATCHER, "", "eth1 reapply", "network:eth1"],
  [DISPATCHER, "DEVICE_IP_IFACE=ppp0", "eth1 up", "network:ppp0"],
  [DISPATCHER, "", "eth1 down", ""],
  [DISPATCHER, "", "eth1 dhcp4-change", ""],
  [PLUGIN, "", "start", "rules"],
  [PLUGIN, "", "save", ""],
])("%s, run as %s … %s, asks for: %s", async (path, environment, args, asked) => {
  const text = restoreHooks("web-lab").find((hook) => hook.path === path)?.text ?? "";
  await host.run(`cat >/run/hook <<'END'\n${text.replaceAll("/bin/systemctl", "systemctl")}END`);
  expect(await host.run(`${environment} sh /run/hook ${args}`)).toMatchObject({ status: 0, stderr: "" });
  const { stdout } = await host.run("ls -A /run/lvsctl-asked; cat /run/calls");
  expect(stdout).toBe(asked === "" ? "" : `web-lab:${asked}\n${RELOAD}`);
});
