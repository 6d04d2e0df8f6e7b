/** A lab of test/fixtures/e2e/translations.yaml with a test's own services. */
import { type Snapshot, snapshot } from "./host-snapshot.ts";
import { LabUnderTest } from "./lab-under-test.ts";

const HOSTS = ["core", "lb", "rs1", "rs2", "far1", "far2", "client"];

/** Tables and settings that appear with their module; they are created beforehand, so that only their content counts. */
const TOUCH = `modprobe -a nf_conntrack
for table in filter nat mangle raw; do iptables -t $table -S; ip6tables -t $table -S; done >/dev/null`;

/** What Docker does to a host's FORWARD chain. */
const DROP_FORWARDED = "iptables -P FORWARD DROP; ip6tables -P FORWARD DROP";

/** Brings the lab up with a director that drops unknown packets, and saves the state of its hosts. */
export async function upTranslations(
  name: string,
  services: string,
): Promise<{ readonly lab: LabUnderTest; readonly before: Snapshot }> {
  const lab = await LabUnderTest.up("../test/fixtures/e2e/translations.yaml", name, (text) => text + services);
  try {
    await Promise.all(HOSTS.map((host) => lab.on(host, TOUCH)));
    await lab.on("lb", DROP_FORWARDED);
    return { lab, before: await snapshot(lab, HOSTS) };
  } catch (error) {
    await lab.down();
    throw error;
  }
}

/** Scripts that empty one of lvsctl's chains on a host, and fill it again; `family` is 4 or 6. */
export function emptied(table: string, hook: string, family: 4 | 6 = 4): readonly [take: string, mend: string] {
  const [tables, kept] = [family === 6 ? "ip6tables" : "iptables", `/run/${table}-${hook}`];
  return [
    `${tables}-save -t ${table} >${kept}
${tables} -t ${table} -F "$(sed -n 's/^:\\(LVSCTL-[^ ]*-${hook}\\) .*/\\1/p' ${kept})"`,
    `${tables}-restore <${kept}; rm ${kept}`,
  ];
}

/** Scripts that remove addresses from a device, and restore them. */
export function withoutAddresses(device: string, ...addresses: readonly string[]): readonly [string, string] {
  const isIpv6 = addresses.some((address) => address.includes(":"));
  return [
    addresses.map((address) => `ip address del ${address} dev ${device}`).join("\n"),
    addresses
      .map(
        (address) =>
          `ip address add ${address} dev ${device}${isIpv6 ? " nodad valid_lft forever preferred_lft 0" : ""}`,
      )
      .join("\n"),
  ];
}
