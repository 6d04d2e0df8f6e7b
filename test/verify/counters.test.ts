import { describe, expect, it } from "vitest";
import type { CounterCheck } from "../../src/compile/compile-checks.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { judgeCounters, readCounters, sumColumn } from "../../src/verify/counters.ts";
import type { Traffic } from "../../src/verify/traffic.ts";

const FILE = "/proc/net/stat/synproxy";
const TABLE = `entries\t\tsyn_received\tcookie_invalid\tcookie_valid\tcookie_retrans\tconn_reopened
00000000\t00000014\t00000000\t0000000a\t00000000\t00000000
00000000\t00000003\t00000001\t00000010\t00000000\t00000000
`;

const check: CounterCheck = {
  id: "handshakes",
  service: "web",
  host: "fw",
  file: FILE,
  column: "cookie_valid",
  holds: ({ grown, answered }) => grown >= answered,
  why: "They went past the proxy.",
};

describe("a table under /proc/net/stat", () => {
  it("is added up over all processors", () => {
    expect(sumColumn(TABLE, "cookie_valid")).toBe(26);
    expect(sumColumn(TABLE, "syn_received")).toBe(23);
  });

  it("counts nothing where it or its column is missing", () => {
    expect(sumColumn("", "cookie_valid")).toBe(0);
    expect(sumColumn(TABLE, "cookie")).toBe(0);
  });

  it("is read on the hosts that have it, once, and on no other", async () => {
    const asked: string[] = [];
    const host = (name: string) =>
      ({
        host: name,
        read: async (commands: readonly { name: string; argv: readonly string[] }[]) => {
          asked.push(...commands.map(({ argv }) => `${name}: ${argv.join(" ")}`));
          return new Map(commands.map((command) => [command.name, { stdout: TABLE, stderr: "", status: 0 }]));
        },
      }) as unknown as Transport;
    const counters = await readCounters([host("fw"), host("lb")], [check, { ...check, column: "syn_received" }]);
    expect(asked).toEqual([`fw: cat ${FILE}`]);
    expect([...counters.values()]).toEqual([26, 23]);
  });
});

describe("a counter's growth", () => {
  const traffic = (answered: number) =>
    [
      { service: "web", answers: [{ answered }] },
      { service: "other", answers: [{ answered: 99 }] },
    ] as unknown as Traffic[];
  const at = (count: number) => new Map([[`fw ${FILE} cookie_valid`, count]]);

  it("is as it should be", () => {
    expect(judgeCounters([check], at(10), at(16), traffic(6))).toEqual([
      {
        name: "handshakes",
        service: "web",
        ok: true,
        detail: `cookie_valid in ${FILE} on fw grew by 6 during 6 answered requests`,
      },
    ]);
  });

  it("is not, and the playbook says what that means", () => {
    const [judged] = judgeCounters([check], at(10), at(10), traffic(6));
    expect(judged?.ok).toBe(false);
    expect(judged?.detail).toMatch(/grew by 0 during 6 answered requests\. They went past the proxy\.$/);
  });

  it("says nothing where nothing was answered, or where the host was left out", () => {
    expect(judgeCounters([check], at(10), at(10), traffic(0))).toEqual([]);
    expect(judgeCounters([check], new Map(), new Map(), traffic(6))).toEqual([]);
  });
});
