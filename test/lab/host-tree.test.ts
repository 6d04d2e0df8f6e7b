import { describe, expect, test } from "vitest";
import { commonTree, hostTree, type Surroundings } from "../../src/lab/host-tree.ts";
import { chooseManagementNetwork } from "../../src/lab/management-network.ts";
import type { TreeEntry } from "../../src/lab/tree-entry.ts";
import { drTopology } from "../helpers/dr-topology.ts";

const network = chooseManagementNetwork(drTopology);
const keys = {
  hostKey: { privateKey: "PRIVATE\n", publicKey: "ssh-ed25519 AAAA fw\n" },
  loginKey: "ssh-ed25519 BBBB\n",
};
const surroundings: Surroundings = {
  engine: "uml",
  modules: "/usr/lib/uml/modules",
  passwd: "root:x:0:0:root:/home/boss:/usr/bin/zsh\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n",
  legacyTools: ["iptables"],
  keptFolders: ["/root/my tools"],
  layers: 0,
};

function treeOf(change: Partial<Surroundings> = {}): ReadonlyMap<string, TreeEntry> {
  const [host] = drTopology.hosts;
  if (host === undefined) throw new Error("the topology has hosts");
  const entries = hostTree(drTopology, host, keys, network, { ...surroundings, ...change });
  expect(new Set(entries.map(({ path }) => path)).size).toBe(entries.length);
  return new Map(entries.map((entry) => [entry.path, entry]));
}

function contentOf(path: string, change: Partial<Surroundings> = {}): string {
  const entry = treeOf(change).get(path);
  return entry !== undefined && "content" in entry ? entry.content : "";
}

describe("hostTree", () => {
  test("everything lies in the host's own folder", () => {
    expect([...treeOf().keys()].filter((path) => !path.startsWith("hosts/fw/") || path.includes(".."))).toEqual([]);
  });

  test("secrets are readable by root alone", () => {
    for (const path of [
      "hosts/fw/upper/etc/ssh/ssh_host_ed25519_key",
      "hosts/fw/upper/etc/shadow",
      "hosts/fw/home/.ssh/authorized_keys",
    ]) {
      expect(treeOf().get(path)).toMatchObject({ mode: 0o600 });
    }
  });

  test("root has a clean home and a plain shell, the other accounts stay", () => {
    expect(contentOf("hosts/fw/upper/etc/passwd")).toBe(
      "root:x:0:0:root:/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n",
    );
  });

  test("every host knows the others' names", () => {
    expect(contentOf("hosts/fw/upper/etc/hosts")).toContain("172.16.20.20 rs1\n172.16.20.30 rs2\n10.0.2.253 client\n");
  });

  test("iptables is the legacy one where the kernel has no nf_tables, and this machine's own elsewhere", () => {
    const path = "hosts/fw/upper/etc/alternatives/iptables-restore";
    expect(treeOf().get(path)).toMatchObject({ linkTo: "/usr/sbin/iptables-legacy-restore" });
    expect(treeOf({ engine: "native" }).has(path)).toBe(false);
    expect(treeOf({ legacyTools: [] }).has(path)).toBe(false);
  });

  test("modules are mounted for an engine's own kernel alone", () => {
    expect(contentOf("hosts/fw/fstab")).toMatch(
      /^\/usr\/lib\/uml\/modules \/tmp\/hosts\/fw\/root\/lib\/modules none bind/m,
    );
    expect(contentOf("hosts/fw/fstab", { engine: "native", modules: undefined })).not.toContain("modules");
  });

  test("an init's files lie over those of packages, and both over this machine's", () => {
    expect(contentOf("hosts/fw/fstab")).toContain(" overlay lowerdir=/,upperdir=");
    expect(contentOf("hosts/fw/fstab", { layers: 2 })).toContain(
      " overlay lowerdir=/tmp/layers/0:/tmp/layers/1:/,upperdir=",
    );
  });

  test("blanks in paths are written as fstab(5) wants them", () => {
    expect(contentOf("hosts/fw/fstab")).toContain(
      "/root/my\\040tools /tmp/hosts/fw/root/root/my\\040tools none bind,ro,x-mount.mkdir",
    );
  });

  test("sysctls are a systemd distribution's: all.rp_filter stays 0, each interface has 2, nothing is forwarded", () => {
    const lines = contentOf("hosts/fw/sysctls").split("\n");
    expect(lines[0]).toBe("net/ipv4/ip_forward 0");
    expect(lines.filter((line) => line.includes("/rp_filter"))).toEqual([
      "net/ipv4/conf/all/rp_filter 0",
      ...["default", "lo", "mgmt", "eth0", "eth1"].map((device) => `net/ipv4/conf/${device}/rp_filter 2`),
    ]);
  });

  test("nothing of LVS is there: no VIP, no IPVS", () => {
    const all = [...treeOf().values()].map((entry) => JSON.stringify(entry)).join("\n");
    expect(all).not.toMatch(/172\.16\.10\.10\b|ip_vs|ipvsadm/);
  });
});

test("what all hosts share names each of them once", () => {
  const entries = commonTree(drTopology, network, surroundings);
  expect(entries).toContainEqual({ path: "hosts.list", content: "fw\ndr\nrs1\nrs2\nclient\n" });
  expect(new Set(entries.map(({ path }) => path)).size).toBe(entries.length);
});
