/** Reads the parameters of single interfaces, and for new ones, that differ from the same parameter under `all`. */
import type { ReadCommand, ReadOutputs } from "../shell/read-script.ts";
import type { Probe } from "./probe.ts";

/** A parameter that every interface has, and `all`. */
export interface InterfaceParameter {
  readonly family: 4 | 6;
  readonly name: "forwarding" | "disable_ipv6";
}

/**
 * `lvsctl_interface_sysctls [FAMILY NAME]…` prints, as `grep -H` does, the value of each interface and of `default` that is not
 * the one of `all`: `ipv4/conf/eth0/forwarding:1`. There can be thousands of interfaces.
 */
const SCRIPT = `lvsctl_interface_sysctls() (
cd /proc/sys/net || exit
while [ $# -gt 1 ]; do
all=$(cat "ipv$1/conf/all/$2") && grep -Hvx "$all" "ipv$1/conf"/*/"$2"
shift 2
done
) 2>/dev/null`;

/** The probe that reads them. */
export const interfaceSysctlsProbe: Probe = {
  program: "lvsctl_interface_sysctls",
  script: SCRIPT,
  allows: (args) =>
    args.length % 2 === 0 &&
    args.every((word, index) => (index % 2 === 0 ? /^[46]$/ : /^(forwarding|disable_ipv6)$/).test(word)),
};

/** The read command. */
export function readInterfaceSysctls(name: string, parameters: readonly InterfaceParameter[]): ReadCommand {
  const words = parameters.flatMap(({ family, name: parameter }) => [String(family), parameter]);
  return { name, argv: [interfaceSysctlsProbe.program, ...words], script: SCRIPT };
}

/** Parses what it printed: paths below /proc/sys/net, and values. */
export function parseInterfaceSysctls(
  name: string,
  outputs: ReadOutputs,
): readonly { readonly path: string; readonly value: string }[] {
  const lines = (outputs.get(name)?.stdout ?? "").matchAll(/^(ipv[46]\/conf\/[^/\s]+\/[a-z0-9_]+):(-?\d+)$/gm);
  return [...lines].map(([, path = "", value = ""]) => ({ path, value }));
}
