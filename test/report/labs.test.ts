import { describe, expect, it } from "vitest";
import type { LabStatus } from "../../src/lab/lab-status.ts";
import { formatLabList, formatLabs, formatLabUp } from "../../src/report/labs.ts";

const lab: LabStatus = {
  ...{ name: "dr-lab", state: "running", engine: "uml", hosts: ["dr", "rs1"], pid: 4711, uptimeSeconds: 12.4 },
};

describe("the table of labs", () => {
  it("has a line for each, with its file, its kernel and since when", () => {
    const since = "2026-11-28T04:10:30.000Z";
    const text = formatLabList([
      { ...lab, since, file: "/root/shop.yaml", kernel: "6.1.0" },
      { ...lab, name: "x", state: "dead", uptimeSeconds: undefined },
    ]);
    expect(text.split("\n").map((line) => line.replace(/ {2,}/g, "|"))).toEqual([
      "NAME|STATE|SINCE (UTC)|KERNEL|HOSTS|FILE",
      "dr-lab|running|2026-11-28 04:10Z|uml 6.1.0|dr rs1|/root/shop.yaml",
      "x|dead|?|uml|dr rs1|?",
      "",
    ]);
  });

  it("says that there is none", () => {
    expect(formatLabList([])).toBe("No lab is up.\n");
  });

  it("has no line for one that cannot be used from here, which is named below it", () => {
    const other: LabStatus = { ...lab, name: "x", state: "elsewhere", engine: undefined, hosts: [], uptimeSeconds: 75 };
    const sentence =
      "A lab x has been running for 75 s in a mount namespace with a /run of its own (process 4711); it cannot be used from here.\n";
    expect(formatLabList([other])).toBe(`No lab is up.\n${sentence}`);
    expect(formatLabs([lab, other])).toBe(`dr-lab  uml  running for 12 s  dr rs1\n${sentence}`);
  });
});

describe("a lab that is up", () => {
  const up = {
    name: "shop",
    engine: "uml",
    directory: "/run/x",
    sshConfig: "/run/x/ssh_config",
    wasUp: false,
    hosts: [{ name: "fw", address: "198.18.0.2" }],
  } as const;

  it("says how to log in with one's own ssh, and whether it was up already", () => {
    expect(formatLabUp(up, "shop.yaml")).toContain("\n  ssh -F /run/x/ssh_config fw\n");
    expect(formatLabUp(up, "shop.yaml")).toContain("Lab shop is up: fw.");
    expect(formatLabUp({ ...up, wasUp: true }, "shop.yaml")).toContain("Lab shop was up already: fw.");
  });
});

describe("the list of labs", () => {
  it("says since when a lab has been coming up, and what to do if it gets no further", () => {
    const starting = (uptimeSeconds: number | undefined) => formatLabs([{ ...lab, state: "starting", uptimeSeconds }]);
    const way = "(if it is stuck, clear it with lab down)";
    expect(starting(75)).toBe(`dr-lab  uml  starting for 75 s ${way}  dr rs1\n`);
    expect(starting(733)).toContain(`starting for 12 min ${way}`);
    expect(starting(undefined)).toContain(`starting ${way}`);
  });

  it("says what a lab lacks of its file, and what to do", () => {
    expect(
      formatLabs([{ ...lab, file: "/root/shop.yaml", misfits: ["dr has no interface eth1", "it has no host rs2"] }]),
    ).toBe(
      "dr-lab  uml  running for 12 s  dr rs1\n" +
        "  It no longer fits the file: dr has no interface eth1; it has no host rs2.\n" +
        "  Create it again: lvsctl lab up --recreate /root/shop.yaml\n",
    );
  });

  it("says for how long one has been up", () => {
    expect(formatLabs([lab])).toBe("dr-lab  uml  running for 12 s  dr rs1\n");
    expect(formatLabs([{ ...lab, uptimeSeconds: 90_000 }])).toContain("running for 25 h");
    expect(formatLabs([lab])).not.toContain("lab down");
  });

  it("says what the hosts have as PID 1", () => {
    expect(formatLabs([{ ...lab, init: "openrc" }])).toBe("dr-lab  uml with openrc  running for 12 s  dr rs1\n");
  });
});
