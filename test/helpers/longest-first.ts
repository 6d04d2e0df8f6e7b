import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take minutes, mostly waiting: if they began last, everything would wait for them alone. */
const LONG = [
  ...[
    "cases",
    "faults-kill",
    "faults-ways",
    "faults-hosts",
    "dr",
    "fullnat",
    "tun",
    "management",
    "sharing",
    "drain",
    "reboot",
    "live-edit",
  ],
  ...["tun-live", "publish", "services", "roles", "conflicts", "qemu"],
];

/** Begins with the files that take longest, if no earlier run has recorded how long they take. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONG.findIndex((name) => moduleId.endsWith(`/e2e/${name}.test.ts`));
      return index < 0 ? LONG.length : index;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
