import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadTopologyFile } from "../../src/app/load.ts";
import type { Engine } from "../../src/lab/engine.ts";
import { type Lab, labUp } from "../../src/lab/lab.ts";
import { labDown } from "../../src/lab/lab-down.ts";
import { labSsh, labSshCommand, labSshConfig } from "../../src/lab/lab-ssh.ts";
import { labStatus } from "../../src/lab/lab-status.ts";
import { isAlive, type ProcessIdentity, readProcess } from "../../src/lab/process-identity.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { runProcess, spawnStream } from "../../src/transport/process.ts";
import { until } from "../helpers/watched-process.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { topology: example } = await loadTopologyFile(`${root}examples/dr.yaml`);
const named = (name: string): Topology => ({ ...example, name });

/** What a lab could change of this machine, as text. */
async function machine(): Promise<string> {
  const links = await runProcess(["ip", "-o", "-brief", "address"]);
  const routes = await runProcess(["ip", "route", "show", "table", "all"]);
  const named = existsSync("/run/netns") ? readdirSync("/run/netns").join(" ") : "";
  return [links.stdout, routes.stdout, readFileSync("/proc/self/mounts", "utf8"), named].join("\n");
}

/** Every process in the pid namespace of a lab. */
async function members(name: string): Promise<readonly ProcessIdentity[]> {
  const [lab] = await labStatus(name);
  const space = pidNamespace(String(lab?.pid));
  const inside = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && pidNamespace(entry) === space);
  const found = await Promise.all(inside.map((pid) => readProcess(Number(pid))));
  return found.filter((each) => each !== undefined);
}

function pidNamespace(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

async function survivors(processes: readonly ProcessIdentity[]): Promise<readonly ProcessIdentity[]> {
  const alive = await Promise.all(processes.map(isAlive));
  return processes.filter((_, index) => alive[index]);
}

/** Runs a script on a host with plain OpenSSH. */
async function on(lab: Lab, host: string, script: string): Promise<string> {
  const result = await runProcess(["ssh", "-F", lab.sshConfig, host, script]);
  expect(result, `on ${host}: ${script}`).toMatchObject({ status: 0, stderr: "" });
  return result.stdout.trim();
}

describe.each<Engine>(["uml", "native"])("engine %s", (engine) => {
  const name = `e2e-lab-${engine}`;
  const told: string[] = [];
  let before: string;
  let lab: Lab;

  beforeAll(async () => {
    before = await machine();
  });

  /** Brings it up, unless it is. */
  beforeEach(async () => {
    if ((await labStatus(name)).length === 0) told.length = 0;
    lab = await labUp(named(name), { engine, onProgress: (message) => told.push(message) });
  });

  afterAll(async () => {
    await labDown(name);
  });

  test("tells what it does, and comes up once", async () => {
    const count = example.hosts.length;
    expect(told.slice(0, 2)).toEqual([
      `looking for a kernel and the programs for ${count} hosts …`,
      `creating the keys and files of ${count} hosts …`,
    ]);
    expect(told[2]).toMatch(/^starting the lab: .* …$/);
    expect(told.slice(3, 5)).toEqual(["kernel started", "segments and interfaces created"]);
    expect(told.slice(5, -1).map((line) => line.replace(/, \d+ of \d+$/, ""))).toEqual(
      example.hosts.map((host) => `${host.name} ready`),
    );
    expect(told.slice(-2)).toEqual([expect.stringMatching(/, (\d+) of \1$/), "up"]);
    const again = await labUp(named(name), { engine });
    expect(again).toEqual({ ...lab, wasUp: true });
  });

  test("has a status, and an ssh_config that only root can read", async () => {
    expect(await labStatus(name)).toEqual([
      {
        name,
        engine,
        state: "running",
        hosts: ["fw", "dr", "rs1", "rs2", "client"],
        file: expect.stringMatching(/^\//),
        kernel: expect.stringMatching(/^\d+\.\d+/),
        pid: expect.any(Number),
        uptimeSeconds: expect.any(Number),
      },
    ]);
    expect(await labSshConfig(name)).toBe(lab.sshConfig);
    expect((await runProcess(["stat", "-c", "%a %U", lab.directory])).stdout).toBe("700 root\n");
  });

  test("other hosts under the same name are refused", async () => {
    const [, ...fewer] = example.hosts;
    await expect(labUp({ ...named(name), hosts: fewer }, { engine })).rejects.toMatchObject({ code: "LVS-LAB-005" });
    expect((await labStatus(name))[0]?.state).toBe("running");
  });

  test("every host has its own name, files, processes and addresses, and a clean home", async () => {
    for (const { name: host } of example.hosts) {
      expect(await on(lab, host, "hostname; cat /etc/hostname; ls -A /root /tmp; test ! -e /var/lib/lvsctl")).toBe(
        `${host}\n${host}\n/root:\n.ssh\n\n/tmp:`,
      );
    }
    await on(lab, "rs1", "echo mine >/etc/mine; echo mine >/tmp/mine; touch /var/lib/mine");
    expect(
      await on(
        lab,
        "rs2",
        'ls -d /etc/mine /tmp/mine /var/lib/mine 2>/dev/null; all=$(ps -e -o comm=); echo "$all" | sort -u',
      ),
    ).toBe("ps\nsh\nsshd");
    expect(existsSync("/etc/mine")).toBe(false);
    expect(await on(lab, "fw", "ip -4 -o addr show dev eth1 | awk '{print $4}'")).toBe(
      "172.16.10.1/24\n172.16.20.1/24",
    );
    expect(await on(lab, "rs1", "ip route show default")).toBe("default via 172.16.20.1 dev eth0 proto 198");
  });

  test("has a distribution's defaults, and nothing of LVS", async () => {
    const values = "for d in all default eth0 eth1 mgmt; do cat /proc/sys/net/ipv4/conf/$d/rp_filter; done";
    expect(await on(lab, "fw", `cat /proc/sys/net/ipv4/ip_forward; ${values}`)).toBe("0\n0\n2\n2\n2\n2");
    for (const { name: host } of example.hosts) {
      expect(await on(lab, host, "ip -o addr show | grep -c 172.16.10.10/ || true")).toBe("0");
    }
  });

  test("neighbours answer, and what lies behind a router that does not forward does not", async () => {
    await on(lab, "client", "busybox ping -c 1 -W 5 10.0.2.1 >/dev/null");
    await on(lab, "rs1", "busybox ping -c 1 -W 5 172.16.20.1 >/dev/null");
    expect(await on(lab, "client", "busybox ping -c 1 -W 1 172.16.20.20 >/dev/null; echo $?")).toBe("1");
  });

  test("no way leads out: not by default, not over the network of the logins", async () => {
    expect(await on(lab, "fw", "ip route get 192.0.2.2 2>&1; echo $?")).toMatch(/unreachable\n2$/);
    expect(await on(lab, "client", "ip route show dev mgmt | cut -d' ' -f1")).toBe("198.18.0.0/24");
    const [status] = await labStatus(name);
    const outside = await runProcess(["nsenter", `--net=/proc/${status?.pid}/ns/net`, "ip", "route"]);
    expect(outside.stdout.trim().split("\n")).toEqual([expect.stringMatching(/^198\.18\.0\.0\/24 /)]);
  });

  test("is not used for a file that has got an interface more, and says so", async () => {
    const [first, ...others] = example.hosts;
    assert(first !== undefined);
    const more = { name: "eth9", segment: first.interfaces[0]?.segment ?? "", addresses: [] };
    const grown = { ...example, name, hosts: [{ ...first, interfaces: [...first.interfaces, more] }, ...others] };
    expect(await labSshConfig(name, { ...example, name })).toBe(lab.sshConfig);
    await expect(labSshConfig(name, grown)).rejects.toMatchObject({
      code: "LVS-LAB-005",
      message: expect.stringContaining(`${first.name} has no interface eth9`),
    });
    expect(await labStatus(name, { ...example, name })).toEqual([
      expect.not.objectContaining({ misfits: expect.anything() }),
    ]);
    expect(await labStatus(name, grown)).toMatchObject([{ misfits: [`${first.name} has no interface eth9`] }]);
  });

  test("runs a shell's command line on a host, joined from words as ssh does it", async () => {
    expect(await labSsh(name, "rs2", ["cd /etc; test $(pwd) = /etc && echo a b | grep -q 'a b'"])).toBe(0);
    expect(await labSsh(name, "rs2", ["test", "$(hostname)", "=", "rs2"])).toBe(0);
    expect(await labSsh(name, "rs2", ["false"])).toBe(1);
    await expect(labSshCommand(name, "rs9")).rejects.toMatchObject({ code: "LVS-LAB-008" });
  });

  test("input and output pass whole, in both directions", async () => {
    const text = "0123456789abcdef".repeat(20_000);
    const result = await runProcess(["ssh", "-F", lab.sshConfig, "rs1", "cat"], { stdin: text });
    expect(result.stdout === text).toBe(true);
  });

  if (engine === "uml") {
    test("the kernel of engine uml has what LVS needs", async () => {
      await on(lab, "dr", "modprobe ip_vs && ipvsadm -A -t 10.9.9.9:80 -s rr && ipvsadm -D -t 10.9.9.9:80");
      expect(await on(lab, "dr", "ipvsadm -Ln | head -1")).toMatch(/^IP Virtual Server/);
      expect(await on(lab, "fw", "iptables -t nat -S")).toContain("-P PREROUTING ACCEPT");
      await on(lab, "fw", "iptables -t mangle -A INPUT -m ipvs --ipvs -j ACCEPT && iptables -t mangle -F");
      await on(lab, "rs1", "arptables -L >/dev/null && ip6tables -S >/dev/null");
      expect(await on(lab, "rs1", "modprobe ipip && cat /proc/sys/net/ipv4/conf/tunl0/rp_filter")).toBe("2");
      await on(
        lab,
        "rs1",
        "arping -U -c 1 -I eth0 172.16.20.20 >/dev/null || arping -U -c 1 -i eth0 172.16.20.20 2>&1 | grep -q Habets",
      );
      await on(lab, "rs1", "tc qdisc add dev eth0 root netem delay 1ms && tc qdisc del dev eth0 root");
    });
  }

  test("down ends everything, even what still holds a connection", async () => {
    const waiting = spawnStream(["ssh", "-F", lab.sshConfig, "dr", "echo in; sleep 36000"]);
    await once(waiting.stdout, "data");
    const all = await members(name);
    expect(all.length).toBeGreaterThanOrEqual(example.hosts.length);
    expect(await labDown(name)).toBe(true);
    expect((await waiting.ended).status).toBe(255);
    expect(await survivors(all)).toEqual([]);
    expect(existsSync(lab.directory)).toBe(false);
    expect(await machine()).toBe(before);
    expect(await labDown(name)).toBe(false);
    expect(await labStatus(name)).toEqual([]);
    await expect(labSshConfig(name)).rejects.toMatchObject({ code: "LVS-LAB-004" });
  });
});

describe("when something goes wrong", () => {
  const name = "e2e-lab-trouble";
  const directory = `/run/lvsctl-lab/${name}`;
  let before: string;

  beforeAll(async () => {
    before = await machine();
  });

  afterEach(async () => {
    await labDown(name);
    expect(await machine()).toBe(before);
    const left = existsSync("/run/lvsctl-lab") ? readdirSync("/run/lvsctl-lab") : [];
    expect(left.filter((entry) => entry.includes(name))).toEqual([]);
  });

  test("the kernel is killed: the lab is dead, down clears it, up brings a new one", async () => {
    await labUp(named(name), { engine: "uml" });
    const all = await members(name);
    const [status] = await labStatus(name);
    const kernel = all.find(({ pid }) => pid !== status?.pid && parentOf(pid) === status?.pid);
    if (kernel === undefined) throw new Error("the lab has a kernel");
    process.kill(kernel.pid, "SIGKILL");
    await until("the lab is dead", async () => (await labStatus(name))[0]?.state === "dead");
    expect(await survivors(all)).toEqual([]);
    await expect(labSshConfig(name)).rejects.toMatchObject({
      code: "LVS-LAB-004",
      message: `The lab ${name} has ended.`,
    });
    await labUp(named(name), { engine: "native" });
    expect(await labStatus(name)).toMatchObject([{ state: "running", engine: "native" }]);
  });

  // Moments, and not limits: wherever lvsctl and the kernel are by then, nothing may stay.
  test.each([0, 60, 400, 1500])("lvsctl is killed %i ms after the folder is there", async (delayMs) => {
    const file = `${root}examples/dr.yaml`;
    const program = [
      `import { loadTopologyFile } from "${root}dist/app/load.js";`,
      `import { labUp } from "${root}dist/lab/lab.js";`,
      `await labUp({ ...(await loadTopologyFile("${file}")).topology, name: "${name}" }, { engine: "uml" });`,
    ];
    const lvsctl = spawnStream([process.execPath, "--input-type=module", "-e", program.join("\n")]);
    await until("the folder is there", () => existsSync(directory));
    await sleep(delayMs);
    lvsctl.kill();
    await lvsctl.ended;
    const [status] = await labStatus(name);
    const all = status?.pid === undefined ? [] : await members(name);
    expect(await labDown(name)).toBe(true);
    expect(await survivors(all)).toEqual([]);
    await until("all processes end", () => commandLinesWith(name).length === 0); // Whatever was just being born has met its end.
  });

  test("an abort leaves nothing", async () => {
    const abort = new AbortController();
    const up = labUp(named(name), { engine: "uml", signal: abort.signal });
    await until("the lab starts", () => existsSync(`${directory}/pid`));
    const all = await members(name);
    abort.abort(new Error("enough"));
    await expect(up).rejects.toThrow("enough");
    expect(await survivors(all)).toEqual([]);
    expect(existsSync(directory)).toBe(false);
  });

  test("a host that cannot be made is named, with the reason", async () => {
    const hosts = example.hosts.map((host) =>
      host.name === "rs1"
        ? { ...host, routes: [{ to: "203.0.113.0/24", via: "192.0.2.77", family: 4 as const }] }
        : host,
    );
    await expect(labUp({ ...named(name), hosts }, { engine: "native" })).rejects.toMatchObject({
      code: "LVS-LAB-006",
      details: { output: expect.stringMatching(/Nexthop has invalid gateway[\s\S]*lvsctl-lab: failed host rs1/) },
    });
    expect(existsSync(directory)).toBe(false);
  });

  test("memory that is none is refused before anything is done", async () => {
    await expect(labUp(named(name), { memory: "1G; reboot" })).rejects.toMatchObject({ code: "LVS-LAB-007" });
  });
});

test.each(["nat", "nat-two-arm", "tun", "fullnat", "everything"])("examples/%s.yaml comes up", async (file) => {
  const name = `e2e-lab-${file}`;
  const { topology } = await loadTopologyFile(`${root}examples/${file}.yaml`);
  try {
    const lab = await labUp({ ...topology, name }, { engine: "native" });
    const results = await Promise.all(
      topology.hosts.map(async ({ name: host, interfaces }) => ({
        addresses: (await on(lab, host, "ip -o addr show scope global | awk '{print $2, $4}'")).split("\n").sort(),
        expected: interfaces.flatMap((nic) =>
          nic.addresses.map(({ address, prefix }) => `${nic.name} ${address}/${prefix}`),
        ),
      })),
    );
    for (const { addresses, expected } of results) {
      expect(addresses.filter((line) => !line.startsWith("mgmt "))).toEqual(expected.toSorted());
    }
  } finally {
    await labDown(name);
  }
});

test("two labs at once have the same addresses and do not see each other", async () => {
  const names = ["e2e-lab-one", "e2e-lab-two"];
  try {
    const [one, two] = await Promise.all(names.map((name) => labUp(named(name), { engine: "native" })));
    if (one === undefined || two === undefined) throw new Error("both are up");
    await on(one, "fw", "ip addr add 10.0.2.77/24 dev eth0; echo one >/etc/which");
    expect(await on(one, "client", "busybox ping -c 1 -W 5 10.0.2.77 >/dev/null; echo $?")).toBe("0");
    expect(await on(two, "client", "busybox ping -c 1 -W 1 10.0.2.77 >/dev/null; echo $?")).toBe("1");
    expect(await on(two, "fw", "ls /etc/which 2>/dev/null; ls /run")).toBe("lock\nsshd\nsshd.log");
    await labDown("e2e-lab-one");
    expect(await on(two, "rs1", "hostname")).toBe("rs1");
  } finally {
    for (const name of names) await labDown(name);
  }
});

function parentOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
}

/** The command lines of this machine's processes that mention a text. */
function commandLinesWith(text: string): readonly string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      return line.includes(text) ? [line] : [];
    } catch {
      return [];
    }
  });
}
