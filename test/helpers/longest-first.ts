import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take long, mostly waiting: if they began last, everything would wait for them alone. */
const LONG = [
  "resources/restored.sockets",
  "resources/boot-unit.sockets",
  "probes/holders-ipv6.sockets",
  "lvs/iptables-verdict.sockets",
  "transaction/shell/after-events.sockets",
  "transaction/shell/damaged-files.sockets",
  "cli/cli.sockets",
  "transport/login.sockets",
  "transaction/run-host.sockets",
  "resources/web-server.sockets",
  "transaction/interrupt.sockets",
  "e2e/firewalls",
  "e2e/cases",
  "e2e/faults-kill",
  "e2e/faults-hosts",
  "e2e/faults-ways",
  "e2e/faults-systemd",
  "e2e/faults-openrc",
  "e2e/power-cuts",
  "e2e/power-cuts-openrc",
  "e2e/dr",
  "e2e/systemd",
  "e2e/nat-two-arm",
  "e2e/fullnat",
  "e2e/tun",
  "e2e/roles",
  "e2e/ftp-and-sip",
  "e2e/qemu",
  "e2e/drain",
  "e2e/services",
  "e2e/sharing",
  "e2e/verify-kinds",
  "e2e/removed-hosts",
  "e2e/tun-live",
  "e2e/marks-live",
  "e2e/live-edit",
  "e2e/reboot",
  "e2e/management",
  "e2e/publish",
  "e2e/tun-options",
  "e2e/conflicts",
  "e2e/lab",
];

/** Begins with the files that take longest, if no earlier run has recorded how long they take. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }

  /** With `--shard 1/3`, each part has its share of the long files; the same one everywhere, whatever ran before. */
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { index = 1, count = 1 } = this.ctx.config.shard ?? {};
    const inOrder = files.toSorted((one, other) => rank(one) - rank(other) || (one.moduleId < other.moduleId ? -1 : 1));
    return inOrder.filter((_, at) => at % count === index - 1);
  }
}

function rank({ moduleId }: TestSpecification): number {
  const index = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return index < 0 ? LONG.length : index;
}
