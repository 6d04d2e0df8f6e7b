import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkedJson } from "../helpers/checked-json.ts";
import { dropByDefault } from "../helpers/default-drop.ts";
import { differences, type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { isLongRun } from "../helpers/long-run.ts";
import { unwrapped } from "../helpers/mode-checks.ts";

const HOSTS = ["fw", "dr", "rs1", "rs2", "client"];

/** Stands in for `ip` on a host: when an address is added, the session that asked for it dies. */
const KILLS_ITS_SSHD = `#!/bin/sh
case "$*" in *"addr add"*|*"address add"*)
  p=$$
  while [ "$p" != 1 ] && [ "$(cat /proc/$p/comm)" != sshd ]; do
    p=$(sed -n 's/^PPid:[[:space:]]*//p' /proc/$p/status)
  done
  kill -9 "$p" ;;
esac
exec /usr/sbin/ip "$@"`;

/** What somebody else has on these hosts: lvsctl must never touch any of it. */
const FOREIGN: Record<string, string> = {
  fw: `
    iptables -t nat -N OTHERS
    iptables -t nat -A OTHERS -d 10.0.2.99/32 -j RETURN
    iptables -t nat -A PREROUTING -j OTHERS
    iptables -A FORWARD -d 203.0.113.9/32 -j DROP
    ip addr add 192.0.2.7/32 dev lo`,
  dr: `
    modprobe -a ip_vs ip_vs_rr ip_vs_wrr
    ipvsadm -A -t 172.16.20.10:9999 -s wrr
    ipvsadm -a -t 172.16.20.10:9999 -r 172.16.20.20:9999 -g -w 3
    ip route add 198.51.100.0/24 via 172.16.20.1`,
  rs1: `
    echo 'net.ipv4.ip_local_port_range = 20000 60000' > /etc/sysctl.d/50-others.conf
    echo '20000 60000' > /proc/sys/net/ipv4/ip_local_port_range
    echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore`,
  rs2: `
    ip addr add 192.0.2.8/32 dev lo`,
};

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-dr");
  for (const [host, script] of Object.entries(FOREIGN)) await lab.on(host, script);
  await dropByDefault(lab, Object.keys(FOREIGN));
  before = await snapshot(lab, HOSTS);
});

afterAll(async () => {
  await lab?.down();
});

describe("examples/dr.yaml, on hosts where others have something too", () => {
  it("is not there yet: verify fails and says what is missing", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(3);
    expect(stdout).toContain("0 of 20 requests from client to http://10.0.2.1:80/ were answered");
    expect(unwrapped(stdout)).toMatch(/fw: .*DNAT.* is missing/);
  });

  it("plans without touching anything, the same each time", async () => {
    await lab.ensureBare();
    const first = await lab.do("plan", "--detailed-exitcode");
    expect(first.status).toBe(2);
    const second = await lab.do("plan");
    expect(second.status).toBe(0);
    expect(second.stdout).toBe(first.stdout);
    expect(Math.max(...first.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });

  it("becomes another mode with other gateways without --adopt, and destroy restores the lab's routes", async () => {
    await lab.ensureApplied();
    const text = readFileSync(lab.file, "utf8")
      .replace("mode: dr", "mode: nat")
      .replaceAll(/(rs\d:\n.*\n.*\n {4}gateway: )172\.16\.20\.1$/gm, "$1172.16.20.10");
    const file = join(dirname(lab.file), "nat.yaml");
    writeFileSync(file, text);
    const planned = await succeeded(lab.lvsctl("plan", "--lab", file));
    expect(unwrapped(planned)).toMatch(/~ route default via 172\.16\.20\.10 .*taken over/);
    await lab.ensureApplied(file);
    expect(await lab.on("rs1", "ip route show default")).toMatch(/^default via 172\.16\.20\.10 /);
    await succeeded(lab.lvsctl("destroy", "--lab", "--yes", "--no-drain", file));
    expect(await lab.on("rs1", "ip route show default")).toMatch(/^default via 172\.16\.20\.1 dev eth0 proto 198/);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });

  it("refuses to apply without a terminal and without --yes", async () => {
    await lab.ensureBare();
    const { status, stderr } = await lab.do("apply");
    expect(status).toBe(64);
    expect(stderr).toMatch(/--yes/);
    expect(await lab.on("dr", "ls -A /var/lib/lvsctl 2>/dev/null || :")).toBe("");
  });

  it("applies, and requests alternate between the real servers", async () => {
    await lab.ensureBare();
    const { status, stdout, stderr } = await lab.do("apply", "--yes");
    expect(stderr + stdout).toContain("Verified");
    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/rr: rs1 10, rs2 10/);
    // Ports that no request before had: IPVS remembers for two minutes which real server had one.
    const curl = `curl -sS --max-time ${lab.seconds(5)} http://10.0.2.1/`;
    const pages = await lab.on(
      "client",
      `for port in 20001 20002 20003 20004; do ${curl} --local-port $port | head -n 1; done`,
    );
    const names = pages.trim().split("\n");
    expect(new Set(names)).toEqual(new Set(["real server rs1", "real server rs2"]));
    expect(names[2]).toBe(names[0]);
    expect(names[3]).toBe(names[1]);
  });

  it("applies a second time without changing anything, in one exec a host", async () => {
    await lab.ensureApplied();
    const { status, stdout, stderr } = await lab.do("apply", "--yes", "-v");
    expect(status, stdout).toBe(0);
    expect(stdout).toContain("Nothing to change on 5 hosts");
    expect(stderr).toContain("Ran 5 remote commands on 5 hosts.");
  });

  it("verifies for machines", async () => {
    await lab.ensureApplied();
    const { status, stdout } = await lab.do("verify", "--format", "json");
    expect(status, stdout).toBe(0);
    expect(checkedJson(stdout)).toMatchObject({
      format: "lvsctl.verify/1",
      ok: true,
      services: { web: { requests: 20, failed: 0, byRealServer: { rs1: 10, rs2: 10 } } },
    });
  });

  if (isLongRun) {
    it("verifies with requests from the machine that it runs on", async () => {
      await lab.ensureApplied();
      const topology = readFileSync(lab.file, "utf8");
      const secret = readFileSync(`/run/lvsctl-lab/${lab.name}/id_ed25519`, "utf8");
      const known = readFileSync(`/run/lvsctl-lab/${lab.name}/known_hosts`, "utf8");
      const config = readFileSync(lab.sshConfig, "utf8")
        .replace(/^ *ProxyCommand.*$/m, "")
        .replaceAll(`/run/lvsctl-lab/${lab.name}`, "/root/lab");
      const files = { "topology.yaml": topology, id_ed25519: secret, known_hosts: known, ssh_config: config };
      const write = Object.entries(files).map(([name, text]) => `cat >/root/lab/${name} <<'END'\n${text}\nEND`);
      await lab.on("client", `umask 077; mkdir /root/lab\n${write.join("\n")}`);
      installOn("client");
      const command = `${process.execPath} /root/lab/bin/lvsctl.js verify --from local -F /root/lab/ssh_config /root/lab/topology.yaml`;
      const output = await lab.on("client", `${command} 2>&1 || true; rm -r /root/lab`);
      expect(output).toContain("20 of 20 requests from this machine");
    });
  }

  it("destroys by the ledgers alone, and leaves every host as it was", async () => {
    await lab.ensureApplied();
    const { status, stderr } = await lab.lvsctl(
      "destroy",
      "--name",
      lab.name,
      "--host",
      HOSTS.join(","),
      "-F",
      lab.sshConfig,
      "--yes",
    );
    expect(stderr).not.toMatch(/LVS-/);
    expect(status, stderr).toBe(0);
    expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
  });

  it("destroys a second time with nothing to do", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("destroy", "--yes");
    expect(status, stdout).toBe(0);
    expect(stdout).toContain("There is nothing to destroy.");
  });

  if (isLongRun) {
    it("rolls everything back on every host when a step fails on one", async () => {
      await lab.ensureBare();
      await lab.on(
        "dr",
        "mv /usr/sbin/ipvsadm /usr/sbin/ipvsadm.real; printf '%s\\n' '#!/bin/sh' 'case \"$*\" in *-[SL]*) exec /usr/sbin/ipvsadm.real \"$@\";; esac' 'echo out of order >&2; exit 1' >/usr/sbin/ipvsadm; chmod +x /usr/sbin/ipvsadm",
      );
      try {
        const { status, stderr } = await lab.do("apply", "--yes");
        expect(status).toBe(5);
        expect(stderr).toMatch(/dr: LVS-STEP-001/);
        expect(stderr).toContain("out of order");
        expect(stderr).toContain("rolled back on every host");
      } finally {
        await lab.on("dr", "mv /usr/sbin/ipvsadm.real /usr/sbin/ipvsadm");
      }
      expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
    });

    it("rolls everything back when the connection to a host breaks in the middle of a stage", async () => {
      await lab.ensureBare();
      await lab.on("rs2", `cat >/usr/local/sbin/ip <<'END'\n${KILLS_ITS_SSHD}\nEND\nchmod +x /usr/local/sbin/ip`);
      try {
        const { status, stderr } = await lab.do("apply", "--yes");
        expect(stderr).toMatch(/rs2: LVS-CONNECT-\d+/);
        expect(stderr).toContain("rolled back on every host");
        expect(status).toBe(5);
      } finally {
        await lab.on("rs2", "rm /usr/local/sbin/ip");
      }
      expect(differences(before, await snapshot(lab, HOSTS))).toEqual([]);
    });
  }

  describe("without one of its parts", () => {
    const twins = [
      {
        name: "arp_ignore and arp_announce on the real servers",
        take: async () => {
          for (const host of ["rs1", "rs2"]) {
            await lab.on(
              host,
              "echo 0 >/proc/sys/net/ipv4/conf/all/arp_ignore; echo 0 >/proc/sys/net/ipv4/conf/all/arp_announce",
            );
          }
          // The director answers late, so that it is no matter of luck whose answer the firewall takes.
          await lab.on("dr", "modprobe sch_netem; tc qdisc add dev eth0 root netem delay 300ms");
          await lab.on("fw", "ip neigh flush dev eth1");
        },
        mend: () => lab.on("dr", "tc qdisc del dev eth0 root"),
        says: [/✗ web: rr should give each of 2 real servers 10 ± 1/, /rs1: .*arp_ignore.* differs from the topology/],
      },
      {
        name: "the VIP on a real server",
        take: () => lab.on("rs1", "ip addr del 172.16.10.10/32 dev lo"),
        says: [/✗ web: 1?\d of 20 requests/, /rs1: .*172\.16\.10\.10.* is missing/],
      },
      {
        name: "what lets requests in through the director's filter",
        take: () => lab.on("dr", "iptables -F LVSCTL-e2e-dr-INPUT"),
        says: [/✗ web: 0 of 20 requests/, /dr: iptables .*INPUT -d 172\.16\.10\.10.* is missing/],
      },
      {
        name: "what lets requests in through a real server's filter",
        take: () => lab.on("rs1", "iptables -F LVSCTL-e2e-dr-INPUT"),
        says: [/✗ web: 1?\d of 20 requests/, /rs1: iptables .*INPUT -d 172\.16\.10\.10.* is missing/],
      },
      {
        name: "what lets packets through the firewall",
        take: () => lab.on("fw", "iptables -F LVSCTL-e2e-dr-FORWARD"),
        says: [/✗ web: 0 of 20 requests/, /fw: iptables .*FORWARD -d 172\.16\.10\.10.* is missing/],
      },
      {
        name: "ip_forward on the firewall",
        take: () => lab.on("fw", "echo 0 >/proc/sys/net/ipv4/ip_forward"),
        says: [/✗ web: 0 of 20 requests/, /fw: .*ip_forward.* differs from the topology/],
      },
      {
        name: "DNAT on the firewall",
        take: () => lab.on("fw", "iptables -t nat -F LVSCTL-e2e-dr-PREROUTING; conntrack -F 2>/dev/null"),
        says: [/✗ web: 0 of 20 requests/, /fw: .*DNAT.* is missing/],
      },
    ];
    const tried = isLongRun ? twins : twins.filter(({ name }) => name.startsWith("arp_ignore"));

    it.each(tried)("$name: verify fails and says so; apply mends it", async ({ take, mend, says }) => {
      await lab.ensureApplied();
      await take();
      const { status, stdout } = await lab.do("verify");
      expect(status, stdout).toBe(3);
      for (const text of says) expect(unwrapped(stdout)).toMatch(text);
      await mend?.();
      const mended = await lab.do("apply", "--yes");
      expect(mended.stderr + mended.stdout).toContain("Verified");
      expect(mended.status).toBe(0);
    });
  });
});

/** Copies the built lvsctl with what it needs at run time to a host, for a checkout that the host does not see. */
function installOn(host: string): void {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const tree = execFileSync("npm", ["ls", "--omit=dev", "--all", "--parseable"], { cwd: root, encoding: "utf8" });
  const modules = tree
    .trim()
    .split("\n")
    .slice(1)
    .map((path) => relative(root, path));
  const files = ["bin", "dist", "package.json", "playbooks", "schemas", ...modules];
  const tarball = execFileSync("tar", ["-C", root, "-cz", ...files], { maxBuffer: 64 * 1024 * 1024 });
  execFileSync("ssh", ["-F", lab.sshConfig, host, "tar -C /root/lab -xz"], { input: tarball });
}
