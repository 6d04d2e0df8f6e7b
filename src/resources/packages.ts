/** Which package contains a program, by package manager. */

const MANAGERS = ["apt", "dnf", "yum", "apk", "zypper"] as const;
type Manager = (typeof MANAGERS)[number];

/** Package names by program. Source: the distributions' package lists; dnf is RHEL 8 and newer, yum CentOS 7. */
const NAMES = {
  arping: { apt: "iputils-arping", dnf: "iputils", yum: "iputils", apk: "iputils-arping", zypper: "iputils" },
  arptables: { apt: "arptables", dnf: "iptables-nft", yum: "arptables", apk: "iptables", zypper: "arptables" },
  ip: { apt: "iproute2", dnf: "iproute", yum: "iproute", apk: "iproute2", zypper: "iproute2" },
  iptables: { apt: "iptables", dnf: "iptables-nft", yum: "iptables", apk: "iptables", zypper: "iptables" },
  ipvsadm: { apt: "ipvsadm", dnf: "ipvsadm", yum: "ipvsadm", apk: "ipvsadm", zypper: "ipvsadm" },
  modprobe: { apt: "kmod", dnf: "kmod", yum: "kmod", apk: "kmod", zypper: "kmod" },
} as const satisfies Readonly<Record<string, Readonly<Record<Manager, string>>>>;

/** The hint for a missing program: `Install the package iproute2 (apt, apk, zypper) or iproute (dnf, yum).` */
export function installHint(program: keyof typeof NAMES): string {
  const names = NAMES[program];
  const packages = [...new Set(MANAGERS.map((manager) => names[manager]))];
  if (packages.length === 1) return `Install the package ${packages.join()}.`;
  const choices = packages.map(
    (name) => `${name} (${MANAGERS.filter((manager) => names[manager] === name).join(", ")})`,
  );
  return `Install the package ${choices.join(" or ")}.`;
}

/** The hint for a module that this kernel release lacks but its distribution has; without a full stop. */
export function modulesHint(release = "$(uname -r)"): string {
  return (
    `Install the rest of the kernel's modules: linux-modules-extra-${release} (apt, Ubuntu), linux-image-amd64 in place of ` +
    "the cloud kernel (apt, Debian), kernel-modules-extra (dnf), kernel-default in place of kernel-default-base (zypper), " +
    "linux-lts in place of linux-virt (apk); restart into the newest kernel installed"
  );
}
