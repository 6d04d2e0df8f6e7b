import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import { displayWidth } from "../../src/report/display-width.ts";
import type { Output } from "../../src/report/output.ts";
import { planToJson } from "../../src/report/plan-json.ts";
import { formatPlan } from "../../src/report/plan-text.ts";
import { checked } from "../helpers/checked-json.ts";

const output = { width: 80, paint: (_style: string, text: string) => text } as Output;
const why =
  "Where packets for other networks go. In LVS it decides which way replies take: back through the director with NAT.";
const route = { kind: "route", id: "default", what: "route default via 10.0.0.1", why, services: [] };
const page = {
  kind: null,
  id: null,
  what: "a program that answers on tcp port 80 of 10.0.0.21",
  why,
  services: ["shop"],
};
const list = {
  ...{ host: "win1", roles: ["real-server" as const], needs: [route, page], lasting: true },
  commands: ["ip -4 route replace default via 10.0.0.1"],
};
const summary = { create: 1, update: 0, delete: 0, none: 0 };
const plan: Plan = { topology: "lab", hosts: new Map([["lb", []]]), problems: [], unmanaged: [list], summary };

describe("what the owner of a host sees to", () => {
  it("is listed in a plan, each reason once, in 80 columns", () => {
    const text = formatPlan(plan, output, 0);
    expect(text).toBe(`lb  this topology has nothing on this host

win1  not managed by lvsctl; its owner has to set up:
  • route default via 10.0.0.1
  • a program that answers on tcp port 80 of 10.0.0.21 (shop)
      Where packets for other networks go. In LVS it decides which way replies
      take: back through the director with NAT.
  All of this has to survive a restart of the host.

1 to create, 0 to change, 0 to remove; 0 unchanged.
`);
    for (const line of text.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  it("comes with commands on request, and does not last where the topology does not", () => {
    expect(formatPlan(plan, output, 1)).toContain("\n      ip -4 route replace default via 10.0.0.1\n");
    expect(formatPlan({ ...plan, unmanaged: [{ ...list, lasting: false }] }, output, 0)).not.toContain("restart");
  });

  it("is one line where nothing changes, unless somebody wants to know", () => {
    const idle = { ...plan, summary: { ...summary, create: 0 } };
    expect(formatPlan(idle, output, 0)).toContain(
      "win1  not managed by lvsctl; its owner has to set up 2 things (-v lists them)\n",
    );
    expect(formatPlan(idle, output, 1)).toContain("  • route default via 10.0.0.1");
    const nothing = { ...idle, unmanaged: [{ ...list, needs: [], commands: [] }] };
    for (const verbosity of [0, 1]) {
      expect(formatPlan(nothing, output, verbosity)).toContain("win1  not managed by lvsctl, and needs nothing");
    }
  });

  it("is listed where there is nothing else to see", () => {
    const alone = { ...plan, hosts: new Map(), summary: { ...summary, create: 0 } };
    expect(formatPlan(alone, output, 0)).toContain("  • route default via 10.0.0.1");
    const none = "lvsctl logs in to none of the hosts, so it changes nothing";
    expect(formatPlan(alone, output, 0)).toContain(`\n${none}; what their owners\nhave to set up is listed above.\n`);
    expect(formatPlan({ ...alone, unmanaged: [] }, output, 0)).toBe(`${none}.\n`);
    expect(formatPlan({ ...alone, hosts: plan.hosts }, output, 0)).toContain("Nothing to change on 1 host (0 things");
  });

  it("names a service on several ports as the file does, and a part where only that needs it", () => {
    const needs = [
      { ...route, services: ["web:80", "web:443"] },
      { ...page, services: ["web:80"] },
    ];
    const text = formatPlan({ ...plan, unmanaged: [{ ...list, needs }] }, output, 0);
    expect(text).toContain("route default via 10.0.0.1 (web)\n");
    expect(text).toContain("of 10.0.0.21 (web:80)\n");
  });

  it("is always in the JSON", () => {
    expect(checked(planToJson(plan))).toMatchObject({ unmanaged: [{ host: "win1", needs: [route, page] }] });
    const { unmanaged: _, ...others } = plan;
    expect(checked(planToJson(others))).toMatchObject({ unmanaged: [] });
  });
});

describe("a host that lvsctl no longer logs in to", () => {
  it("is said to keep what lvsctl made, with both ways on", () => {
    const given = {
      name: "rs1",
      roles: ["real-server"],
      ssh: { destination: "192.0.2.11" },
      state: "unmanaged" as const,
    };
    const text = (renamedTo?: string) =>
      formatPlan({ ...plan, removed: [{ ...given, ...(renamedTo ? { renamedTo } : {}) }] }, output, 0).replaceAll(
        /\s+/g,
        " ",
      );
    expect(text()).toContain(
      "Warning: rs1 was a real server of lab, and lvsctl does not log in to it any more. What lvsctl made there stays. To remove it: lvsctl destroy --name lab --host 192.0.2.11. After that, or if its owner keeps it: --forget rs1.",
    );
    expect(text("win1")).toContain("Warning: rs1, now win1, was a real server of lab");
  });
});
