/**
 * FTP with vsftpd and curl, passive and active, and SIP calls: what belongs together reaches one real server. Each has a twin
 * in which it does not.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { type Snapshot, snapshot, TABLES } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { expectDestroyed, expectNoChange, unwrapped, verifyWithout } from "../helpers/mode-checks.ts";

const HOSTS = ["lb", "rs1", "rs2", "srv1", "srv2", "client"];
const SERVERS = ["rs1", "rs2", "srv1", "srv2"];
const FILTERED = ["lb", ...SERVERS];

/** Ports that servers choose for transfers, no rule of lvsctl's lets in. */
const PASSIVE = "INPUT -p tcp --dport 10000:10100 -j ACCEPT";

/** Besides those of the example. What the kernel remembers keeps its modules, so it is made to forget soon. */
const MORE = `
  files6: { mode: nat, vip: "2001:db8:2::100", port: 21, helper: ftp, scheduler: rr, realServers: [rs1, rs2] }
  archive6: { mode: dr, vip: "2001:db8:2::101", port: 21, helper: ftp, persistence: { timeout: 60 }, scheduler: rr, realServers: [srv1, srv2] }
  masked: { mode: nat, masquerade: true, vip: 10.0.2.110, port: 21, helper: ftp, scheduler: rr, realServers: [srv1, srv2] }
  full: { mode: fullnat, localAddresses: [10.0.2.201, 10.0.2.202], vip: 10.0.2.111, port: 21, helper: ftp, scheduler: rr, realServers: [srv1, srv2] }
  tunnel: { mode: tun, vip: 10.0.2.112, port: 21, helper: ftp, persistence: { timeout: 60 }, scheduler: rr, realServers: [srv1, srv2] }
  marked: { mode: dr, fwmark: 21, match: [{ address: 10.0.2.113, ports: [20, 21, 10000-10100] }], helper: ftp, persistence: { timeout: 60 }, scheduler: rr, realServers: [srv1, srv2] }
  fullmarked: { mode: fullnat, localAddresses: [10.0.2.201], fwmark: 22, match: [{ address: 10.0.2.114, ports: [21] }], helper: ftp, scheduler: rr, realServers: [srv1, srv2] }
  other: { mode: nat, vip: 10.0.2.116, port: 2121, helper: ftp, scheduler: rr, realServers: { rs1: { port: 21 }, rs2: { port: 21 } } }
  inner: { mode: nat, vip: 10.0.2.115, port: 5060, protocol: udp, scheduler: rr, persistence: { timeout: 60, engine: sip }, realServers: [rs1, rs2] }
timeouts: { udp: 5, tcpfin: 5 }
`;

/** Where each service is, and whose files it has. */
const FTP = {
  files: ["10.0.2.100", "rs"],
  files6: ["[2001:db8:2::100]", "rs"],
  masked: ["10.0.2.110", "srv"],
  full: ["10.0.2.111", "srv"],
  fullmarked: ["10.0.2.114", "srv"],
  other: ["10.0.2.116:2121", "rs"],
  archive: ["10.0.2.101", "srv"],
  archive6: ["[2001:db8:2::101]", "srv"],
  tunnel: ["10.0.2.112", "srv"],
  marked: ["10.0.2.113", "srv"],
} as const;
type Name = keyof typeof FTP;
const NAMES = Object.keys(FTP) as readonly Name[];
/** Real servers that do not see the client cannot open connections to it. */
const PASSIVE_ONLY: readonly Name[] = ["masked", "full", "fullmarked"];

const VSFTPD = `mkdir -p /run/ftp/empty
chmod 755 /run/ftp
echo "$HOST" >/run/ftp/name
cat >/run/vsftpd.conf <<END
listen=NO
listen_ipv6=YES
background=YES
anonymous_enable=YES
no_anon_password=YES
anon_root=/run/ftp
secure_chroot_dir=/run/ftp/empty
connect_from_port_20=YES
pasv_min_port=10000
pasv_max_port=10100
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
END
vsftpd /run/vsftpd.conf`;

/** Answers as a SIP server, from the address that was asked, with the host's name as the reason. */
const SIP_SERVER = `import socket, struct, sys
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.setsockopt(socket.IPPROTO_IP, 8, 1)
one.bind(("", 5060))
while True:
    asked, about, _, client = one.recvmsg(4096, 256)
    kept = [line for line in asked.split(b"\\r\\n") if line.split(b":")[0] in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")]
    answer = b"\\r\\n".join([b"SIP/2.0 200 " + sys.argv[1].encode(), *kept, b"Content-Length: 0", b"", b""])
    source = [(level, kind, struct.pack("=I4s4s", 0, data[4:8], bytes(4))) for level, kind, data in about]
    one.sendmsg([answer], source, 0, client)
`;

/** Sends a request of each call from a port of its own, or all from one, and prints who answered. */
const CALL = `import socket, sys
vip, seconds, port, *calls = sys.argv[1:]
for call in calls:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(("", int(port)))
    one.settimeout(float(seconds))
    lines = ["OPTIONS sip:%s SIP/2.0" % vip, "Via: SIP/2.0/UDP 10.0.2.253;branch=z9hG4bK1", "From: <sip:a@b>;tag=1",
        "To: <sip:c@d>", "Call-ID: " + call, "CSeq: 1 OPTIONS", "Content-Length: 0", "", ""]
    one.sendto("\\r\\n".join(lines if call else ["hello"]).encode(), (vip, 5060))
    try:
        print(one.recv(4096).decode().split("\\r\\n")[0].split(" ", 2)[2])
    except socket.timeout:
        print("-")
    one.close()
`;

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("ftp-and-sip.yaml", "e2e-ftp", (text) => {
    const family = (address: string, network: string) => (all: string) =>
      all.replaceAll(
        new RegExp(`(eth\\d): ${address.replaceAll(".", "\\.")}(\\d+)/24`, "g"),
        `$1: [${address}$2/24, "${network}$2/64"]`,
      );
    const both = [family("10.0.2.", "2001:db8:2::"), family("192.168.57.", "2001:db8:57::")].reduce(
      (all, edit) => edit(all),
      text,
    );
    const gateways = both.replaceAll(/gateway: 192\.168\.57\.1 /g, 'gateway: [192.168.57.1, "2001:db8:57::1"] ');
    return gateways.replaceAll("timeout: 300", "timeout: 60").trimEnd() + MORE;
  });
  await Promise.all(HOSTS.map((host) => lab.on(host, TABLES)));
  await dropByDefault(lab, FILTERED, [4, 6]);
  for (const host of FILTERED) await lab.on(host, `iptables -A ${PASSIVE}; ip6tables -A ${PASSIVE}`);
  await lab.on("lb", "echo 'options ip_vs_ftp ports=21,2121' >/etc/modprobe.d/ftp.conf");
  await Promise.all(
    SERVERS.map((host) =>
      lab.on(
        host,
        `HOST=${host}\n${VSFTPD}\ncat >/run/sip.py <<'END'\n${SIP_SERVER}\nEND
setsid python3 /run/sip.py ${host} >/run/sip.log 2>&1 </dev/null &
until [ "$(ss -Hltn | grep -c ':21 ')" = 1 ] && ss -Hlun | grep -q ':5060 '; do sleep 1; done`,
      ),
    ),
  );
  before = await snapshot(lab, HOSTS);
});

afterAll(() => lab?.down());

const MODES = { passive: ["--disable-epsv", ""], active: ["-P - --disable-eprt", "-P -"] } as const;

/** Fetches a file from each of these services, twice in both notations of this mode: whose file it was, or `-`. */
async function transfers(names: readonly Name[], mode: keyof typeof MODES): Promise<Readonly<Record<string, string>>> {
  const fetches = names.flatMap((name) =>
    MODES[mode].map(
      (flags) =>
        `{ got=$(curl -g -s -m ${lab.seconds(6)} ${flags} ftp://${FTP[name][0]}/name) || got=-; echo "${name} $got"; } &`,
    ),
  );
  const lines = (await lab.on("client", `${fetches.join("\n")}\nwait`)).trim().split("\n").toSorted();
  return Object.fromEntries(
    names.map((name) => [
      name,
      lines
        .filter((line) => line.startsWith(`${name} `))
        .map(kindOf)
        .join(" "),
    ]),
  );
}

/** `rs` for rs1 or rs2: the scheduler decides which. */
function kindOf(line: string): string {
  return line.replace(/^\S+ /, "").replace(/\d$/, "");
}

const all = (names: readonly Name[], got = (name: Name): string => FTP[name][1]) =>
  Object.fromEntries(names.map((name) => [name, `${got(name)} ${got(name)}`]));

/** Who answered a request of each of these calls. */
async function answersTo(calls: readonly string[], vip = "10.0.2.102", port = 0): Promise<readonly string[]> {
  const words = [vip, lab.seconds(2), port, ...calls].map((word) => `'${word}'`).join(" ");
  const text = await lab.on("client", `python3 - ${words} <<'END'\n${CALL}\nEND`);
  return text.trim().split("\n");
}

describe("examples/ftp-and-sip.yaml, without what leads data connections", () => {
  it("logs in to FTP, and transfers nothing", async () => {
    await lab.ensureBare();
    const bare = lab.variant("bare.yaml", (text) =>
      text
        .replaceAll(/\n? *helper: ftp,?( +#.*)?/g, "")
        .replace(/ports: \[20, 21, 10000-10100\]/, "ports: [20, 21]")
        .replaceAll(/\n? *persistence: \{ timeout: \d+ \},?( #.*)?/g, ""),
    );
    const warned = await lab.lvsctl("validate", bare);
    expect(warned.stdout.match(/LVS-CONFIG-074/g)).toHaveLength(NAMES.length - 1);
    await lab.ensureApplied(bare);
    const login = `curl -g -sv -m ${lab.seconds(6)} --disable-epsv ftp://10.0.2.100/name 2>&1 | grep -c '^< 230'`;
    expect(await lab.on("client", login)).toBe("1\n");
    expect(await transfers(NAMES, "passive")).toEqual(all(NAMES, () => "-"));
    expect(await transfers(["files", "files6", "archive"], "active")).toEqual(
      all(["files", "files6", "archive"], () => "-"),
    );
  });
});

describe("examples/ftp-and-sip.yaml", () => {
  it("applies, and verify hears FTP servers greet and SIP servers answer", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(status, stdout).toBe(0);
    const text = unwrapped(stdout);
    expect(text).toContain("4 of 4 requests from client to tcp 10.0.2.100:21 were answered");
    expect(text).toContain("20 of 20 requests from client to sip 10.0.2.102:5060 were answered");
    expect(text).toMatch(/✓ calls: rr: srv1 10, srv2 10/);
  });

  it("transfers files in the passive mode with every service", async () => {
    await lab.ensureApplied();
    expect(await transfers(NAMES, "passive")).toEqual(all(NAMES));
  });

  it("transfers files in the active mode where real servers see the client", async () => {
    await lab.ensureApplied();
    const seen = NAMES.filter((name) => !PASSIVE_ONLY.includes(name));
    expect(await transfers(seen, "active")).toEqual(all(seen));
    expect(await transfers(PASSIVE_ONLY, "active")).toEqual(all(PASSIVE_ONLY, () => "-"));
  });

  it("spreads logins over the real servers where a client is not kept to one", async () => {
    await lab.ensureApplied();
    const fetch = `curl -s -m ${lab.seconds(6)} ftp://10.0.2.100/name`;
    expect((await lab.on("client", `${fetch}\n${fetch}`)).trim().split("\n").toSorted()).toEqual(["rs1", "rs2"]);
  });

  it("keeps a call with its real server and spreads others, also from one port", async () => {
    await lab.ensureApplied();
    const [first = "", ...more] = await answersTo(["one", "one", "one", "two", "three", "four"]);
    expect(more.slice(0, 2)).toEqual([first, first]);
    expect(new Set(more.slice(1))).toEqual(new Set(["srv1", "srv2"]));
    const fromOne = await answersTo(["five", "six", "five", "six", "one"], "10.0.2.102", 5062);
    expect(new Set(fromOne.slice(0, 2))).toEqual(new Set(["srv1", "srv2"]));
    expect(fromOne.slice(2)).toEqual([...fromOne.slice(0, 2), first]);
  });

  it("does so behind NAT too, and drops what is no call", async () => {
    await lab.ensureApplied();
    const [first = "", second, ...others] = await answersTo(["one", "one", "two", "three"], "10.0.2.115");
    expect(second).toBe(first);
    expect(new Set([first, ...others])).toEqual(new Set(["rs1", "rs2"]));
    expect(await answersTo([""], "10.0.2.115")).toEqual(["-"]);
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  it("without the engine all calls of a client go to one real server, and verify says so", async () => {
    await lab.ensureApplied();
    await lab.on("lb", "ipvsadm -E -u 10.0.2.102:5060 -s rr -p 60 -M 0.0.0.0 -o");
    expect(new Set(await answersTo(["seven", "eight", "nine", "ten"])).size).toBe(1);
    const { status, stdout } = await lab.do("verify");
    await lab.on("lb", "ipvsadm -E -u 10.0.2.102:5060 -s rr -p 60 -M 0.0.0.0 --pe sip -o");
    expect(status, stdout).toBe(3);
    expect(unwrapped(stdout)).toMatch(
      /lb: IPVS service udp 10\.0\.2\.102:5060 .* differs from the topology: persistenceEngine/,
    );
  });

  it.each([
    {
      lets: "a FORWARD chain that drops lets only logins through",
      rules: "-e '--sport 20 ' -e '-p tcp -m conntrack --ctstate ESTABLISHED'",
      passive: () => "-",
      says: /lb: iptables -t filter .* -s 192\.168\.57\.11\/32 .* --sport 20 .* -j ACCEPT is missing/,
    },
    {
      lets: "an INPUT chain that drops lets in none in the active mode",
      rules: "-e '--dport 20 '",
      passive: undefined,
      says: /lb: iptables -t filter .* -d 10\.0\.2\.100\/32 .* --dport 20 .* -j ACCEPT is missing/,
    },
  ])("without the rules for data connections $lets", async ({ rules, passive, says }) => {
    const take = `iptables-save -t filter >/run/filter
grep -v ${rules} /run/filter | iptables-restore`;
    const text = await verifyWithout(lab, "lb", take, "true");
    expect(text).toContain("✓ files: 4 of 4 requests");
    expect(text).toMatch(says);
    expect(await transfers(["files"], "passive")).toEqual(all(["files"], passive));
    expect(await transfers(["files"], "active")).toEqual(all(["files"], () => "-"));
    await lab.on("lb", "iptables-restore </run/filter; rm /run/filter");
    for (const mode of ["passive", "active"] as const) expect(await transfers(["files"], mode)).toEqual(all(["files"]));
  });

  it("a real server's filter that drops data connections: the plan names it, and marked ports are let in nevertheless", async () => {
    await lab.ensureApplied();
    const both = (change: "-A" | "-D") =>
      Promise.all(["srv1", "srv2"].map((host) => lab.on(host, `iptables ${change} ${PASSIVE}`)));
    const words = "drops data connections of FTP of the services? [^:]*\\barchive\\b";
    const planned = async () => (await lab.do("plan")).stdout.replaceAll(/\s+/g, " ");
    expect(await planned()).not.toMatch(new RegExp(words));
    await both("-D");
    const plan = await planned();
    const [passive, active] = [
      await transfers(["archive", "marked", "files"], "passive"),
      await transfers(["archive"], "active"),
    ];
    await both("-A");
    for (const host of ["srv1", "srv2"]) expect(plan, plan).toMatch(new RegExp(`A packet filter on ${host} ${words}`));
    expect(plan).not.toMatch(/A packet filter on rs/);
    expect(passive).toEqual({ ...all(["archive"], () => "-"), ...all(["marked", "files"]) });
    expect(active).toEqual(all(["archive"]));
    expect(await transfers(["archive"], "passive")).toEqual(all(["archive"]));
  });

  it("destroys everything once the kernel has forgotten the connections, which keep its modules", async () => {
    await lab.ensureApplied();
    await lab.on("lb", 'until [ "$(wc -l </proc/net/ip_vs_conn)" = 1 ]; do sleep 5; wc -l </proc/net/ip_vs_conn; done');
    await expectDestroyed(lab, before);
  });
});
