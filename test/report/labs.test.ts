import { describe, expect, it } from "vitest";
import type { LabStatus } from "../../src/lab/lab-status.ts";
import { formatLabs } from "../../src/report/labs.ts";

const lab: LabStatus = {
  ...{ name: "dr-lab", state: "running", engine: "uml", hosts: ["dr", "rs1"], pid: 4711, uptimeSeconds: 12.4 },
};

describe("the list of labs", () => {
  it("says since when a lab has been coming up, and what to do if it gets no further", () => {
    const starting = (uptimeSeconds: number | undefined) => formatLabs([{ ...lab, state: "starting", uptimeSeconds }]);
    const way = "(if it is stuck, clear it with lab down)";
    expect(starting(75)).toBe(`dr-lab  uml  starting for 75 s ${way}  dr rs1\n`);
    expect(starting(733)).toContain(`starting for 12 min ${way}`);
    expect(starting(undefined)).toContain(`starting ${way}`);
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
