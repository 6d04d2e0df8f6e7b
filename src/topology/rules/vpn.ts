/** VPNs whose protocols use more than one port, or none that IPVS knows. */
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { hasPort } from "../../lvs/port-range.ts";
import { entryOf } from "../../lvs/service-name.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { keepsClient } from "../keeps-client.ts";
import { addressOf } from "../services.ts";

/** Source: RFC 2637, section 1.3. */
const PPTP = 1723;
/** Where IKE begins, and where it goes on with NAT on the way. Source: RFC 7296, section 2.23. */
const IKE = 500;
const IKE_AFTER_NAT = 4500;

/**
 * LVS-CONFIG-097, a warning, for PPTP, whose packets are not of a protocol that IPVS balances; and LVS-CONFIG-098, another, for
 * IKE whose two ports may lead to two real servers. Source: ip_vs_proto_data_get and its callers in the kernel's ip_vs_core.c.
 */
export function* vpn(draft: Draft): Iterable<LvsctlError> {
  const told = new Set<string>();
  for (const [name, file] of draft.serviceFiles) {
    const entry = entryOf(name);
    const written = draft.entries.get(entry) ?? file;
    if (told.has(entry)) continue;
    if (isNamed(written, "tcp", PPTP)) {
      told.add(entry);
      const message = `"${entry}" is for TCP port ${PPTP}, and PPTP sends what is in the tunnel by GRE, which IPVS does not balance: it would stay on the director, so logins work and no packet gets through.`;
      const hint =
        "Delete the service, and let clients connect to the PPTP server itself; or use a VPN over UDP or TCP. If something else listens at the port, this is no mistake.";
      yield draft.problem("LVS-CONFIG-097", ["services", entry], { message, hint }, "key");
    } else if (isNamed(written, "udp", IKE)) {
      const hasBoth = isNamed(written, "udp", IKE_AFTER_NAT);
      if (hasBoth && keepsClient(draft, name)) continue;
      told.add(entry);
      const trouble = hasBoth
        ? `without persistence that may reach another real server, which does not know it`
        : `"${entry}" does not have that port`;
      const other = hasBoth ? undefined : holderOf(draft, file, IKE_AFTER_NAT);
      const message = `"${entry}" is for UDP port ${IKE}, and IKE goes on at port ${IKE_AFTER_NAT} as soon as an address is translated on the way: ${trouble}.`;
      const parts = [
        ...(hasBoth ? [] : [adviseBoth(written)]),
        ...(other === undefined ? [] : [`delete "${other}", which has the port now`]),
        ...(written.persistence === undefined ? ["add `persistence: { timeout: 300 }`"] : []),
      ];
      const hint = `${parts.join(", and ").replace(/^./, (letter) => letter.toUpperCase())}.`;
      yield draft.problem("LVS-CONFIG-098", ["services", entry], { message, hint }, "key");
    }
  }
}

/** Another service with the same virtual address and a port for UDP. */
function holderOf(draft: Draft, { vip }: Service, port: number): string | undefined {
  const address = addressOf(vip);
  const other = [...draft.serviceFiles].find(([, file]) => {
    return address !== undefined && addressOf(file.vip) === address && file.protocol === "udp" && file.port === port;
  });
  return other && entryOf(other[0]);
}

function adviseBoth({ fwmark, ports }: Service): string {
  if (fwmark !== undefined) return `add ${IKE_AFTER_NAT} to the \`ports\` of \`match\``;
  return ports === undefined
    ? `write \`ports: [${IKE}, ${IKE_AFTER_NAT}]\` in place of \`port\``
    : `add ${IKE_AFTER_NAT} to \`ports\``;
}

/** Whether a service names a port; a range that it is in by chance does not count, unless another port was named. */
function isNamed({ protocol = "tcp", match, port, ports }: Service, asked: "tcp" | "udp", number: number): boolean {
  const has = (text: string | number) => (number === IKE_AFTER_NAT ? hasPort(text, number) : Number(text) === number);
  if (match !== undefined)
    return match.some((one) => (one.protocol ?? "tcp") === asked && one.ports?.some(has) === true);
  return protocol === asked && (ports ?? [port ?? 0]).some((text) => has(text));
}
