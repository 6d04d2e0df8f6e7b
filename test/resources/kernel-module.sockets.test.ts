/** Unloading modules, in real network namespaces, with an `ip` and an `rmmod` that stand for a kernel with such modules. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kernelModule } from "../../src/resources/kernel-module.ts";
import { type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

/** `ip` shows what is in files below /run/here, and in other networks what is below /run/there. */
const FAKES = `set -e
mkdir /run/here /run/there
readlink /proc/self/ns/net >/run/own
cat >/usr/local/sbin/ip <<'END'
#!/bin/sh
[ "$(readlink /proc/self/ns/net)" = "$(cat /run/own)" ] && cd /run/here || cd /run/there
case "$*" in
'-o link show type '*) file=$5 ;;
'-o address show') file=addresses ;;
'-d -o link show') file=details ;;
'fou show') file=fou ;;
*) echo "ip: $*" >&2; exit 1 ;;
esac
[ ! -e "$file" ] || cat "$file"
END
printf '#!/bin/sh\\nfor one; do echo "$one"; done >>/run/removed\\n' >/usr/local/sbin/rmmod
chmod +x /usr/local/sbin/*`;

/** A throw-away host is a container; it can be told to be none. */
const NO_CONTAINER = `cat >/usr/local/sbin/readlink <<'END'
#!/bin/sh
[ "$1" != /proc/self/ns/pid ] || { echo 'pid:[4026531836]'; exit; }
exec /usr/bin/readlink "$@"
END
chmod +x /usr/local/sbin/readlink`;

/** Makes a second network namespace with a process in it, whose ID is then in `$other`. */
const OTHER = `unshare -n sleep 36000 >/dev/null 2>&1 &
other=$!
until ls -l /proc/$other/exe | grep -q sleep; do sleep 0.05; done`;
const LEAVE = "kill $other; wait $other || :";
const HELD: Readonly<Record<string, string>> = {
  "an open file": `${OTHER}
sleep 36000 9</proc/$other/ns/net >/dev/null 2>&1 &
until ls -l /proc/$!/fd | grep -q net:; do sleep 0.05; done
${LEAVE}`,
  "a mount": `${OTHER}\ntouch /run/net\nmount --bind /proc/$other/ns/net /run/net\n${LEAVE}`,
};

const device = (name: string, flags = "<NOARP>", state = "DOWN") =>
  `7: ${name}@NONE: ${flags} mtu 1480 qdisc noop state ${state} mode DEFAULT group default qlen 1000\\    link/ipip 0.0.0.0 brd 0.0.0.0`;
const THEIRS =
  "8: others0@NONE: <POINTOPOINT,NOARP> mtu 1480 qdisc noop state DOWN mode DEFAULT group default qlen 1000";
const TAP = "<BROADCAST,MULTICAST>";

let host: ThrowAwayHost;
beforeEach(async () => {
  host = await throwAwayHost();
  expect(await host.run(FAKES)).toMatchObject({ status: 0, stderr: "" });
});
afterEach(() => host.end());

/** Which of these modules are removed from a host on which such files have this content. */
async function removed(modules: readonly string[], content: Readonly<Record<string, string>>) {
  const writes = Object.entries(content).map(([file, text]) => `printf '%s\\n' '${text}' >/run/${file}`);
  expect(await host.run(`set -e\n${writes.join("\n")}`)).toMatchObject({ status: 0 });
  const changes = modules.map((name) => ({ kind: "kernel-module", key: name, before: { name }, after: undefined }));
  const [step] = kernelModule.commands(changes, kernelModule.bare(), { topology: "web-lab", host: "rs1" });
  const { stdout, stderr, status } = await host.run(
    `(\nset -e\n${step?.script}\n)\ns=$?\ncat /run/removed 2>/dev/null; exit $s`,
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\n").filter((name) => name !== "");
}

const idle = {
  ipip: { "here/ipip": device("tunl0") },
  sit: { "here/sit": device("sit0") },
  ip_gre: { "here/gre": device("gre0"), "here/gretap": device("gretap0", TAP), "here/erspan": device("erspan0", TAP) },
  ip6_tunnel: { "here/ip6tnl": device("ip6tnl0") },
  ip6_gre: { "here/ip6gre": device("ip6gre0") },
  fou: { "here/details": device("tunl0") },
  fou6: {},
} as const;

describe("on a host with one network", () => {
  beforeEach(() => host.run(NO_CONTAINER));

  test.each(Object.entries(idle))("%s goes if nobody uses it", async (name, content) => {
    expect(await removed([name], content)).toEqual([name]);
  });

  test.each<readonly [string, string, Readonly<Record<string, string>>]>([
    ["ipip", "somebody's tunnel", { "here/ipip": `${device("tunl0")}\n${THEIRS}` }],
    ["ipip", "its device, up", { "here/ipip": device("tunl0", "<NOARP,UP,LOWER_UP>", "UNKNOWN") }],
    [
      "ipip",
      "an address on its device",
      { ...idle.ipip, "here/addresses": "7: tunl0    inet 192.0.2.8/32 scope global" },
    ],
    ["ipip", "an ip that knows no types", { "here/ipip": "ip: either dev is duplicate, or type is garbage" }],
    ["sit", "somebody's 6in4 tunnel", { "here/sit": `${device("sit0")}\n${THEIRS}` }],
    ["sit", "its device, up", { "here/sit": device("sit0", "<NOARP,UP,LOWER_UP>", "UNKNOWN") }],
    ["ip_gre", "somebody's tunnel", { ...idle.ip_gre, "here/gretap": THEIRS }],
    [
      "ip_gre",
      "its device in a bridge",
      { ...idle.ip_gre, "here/gretap": device("gretap0", TAP).replace("noop", "noop master br0") },
    ],
    ["ip6_tunnel", "somebody's tunnel", { "here/ip6tnl": THEIRS }],
    ["ip6_gre", "somebody's tunnel", { ...idle.ip6_gre, "here/ip6erspan": THEIRS }],
    ["fou", "somebody's port", { "here/fou": "port 5555 ipproto 4" }],
    ["fou", "a tunnel that sends by it", { "here/details": `${THEIRS} ipip remote any encap gue encap-sport auto` }],
    ["fou6", "somebody's port", { "here/fou": "port 5555 ipproto 4 -6" }],
  ])("%s stays with %s", async (name, _what, content) => {
    expect(await removed([name], content)).toEqual([]);
  });

  test("the kernel keeps others itself, and what nobody knows anything about stays", async () => {
    const kept = ["ip_vs", "ip_vs_rr", "ip_vs_ftp", "ip_vs_pe_sip", "xt_ipvs", "nf_conntrack", "ipt_SYNPROXY"];
    const more = ["ip6t_SYNPROXY", "sctp", "nf_log_syslog"];
    const names = [...kept, ...more, "vxlan", "dummy", "nf_tables", "ip_vti"];
    expect((await removed(names, {})).sort()).toEqual([...kept, ...more].sort());
  });
});

describe("on a host with another network", () => {
  test.each<readonly [keyof typeof idle, string, Readonly<Record<string, string>>, readonly string[]]>([
    ["sit", "nothing", { "there/sit": device("sit0") }, ["sit"]],
    ["sit", "somebody's tunnel", { "there/sit": `${device("sit0")}\n${THEIRS}` }, []],
    ["sit", "an address on its device", { "there/addresses": "7: sit0    inet6 2001:db8::1/64 scope global" }, []],
    ["fou", "a tunnel without it", { "there/details": device("tunl0") }, ["fou"]],
    ["fou", "somebody's port", { "there/fou": "port 5555 gue" }, []],
  ])("%s, with %s there", async (name, _what, content, expected) => {
    await host.run(`${NO_CONTAINER}\n${OTHER}`);
    expect(await removed([name], { ...idle[name], ...content })).toEqual(expected);
  });

  test.each(Object.keys(HELD))("into which nobody can look, for only %s holds it: stays", async (holder) => {
    await host.run(NO_CONTAINER);
    expect(await host.run(`set -e\n${HELD[holder] ?? "false"}`)).toMatchObject({ status: 0 });
    expect(await removed(["sit", "ip_vs"], idle.sit)).toEqual(["ip_vs"]);
  });

  test("without nsenter: stays", async () => {
    await host.run(`${NO_CONTAINER}\n${OTHER}\nmount --bind /dev/null "$(command -v nsenter)"`);
    expect(await removed(["sit"], idle.sit)).toEqual([]);
  });
});

test("in a container, which sees no other networks, it stays", async () => {
  expect(await removed(["sit", "ip_vs"], idle.sit)).toEqual(["ip_vs"]);
});
