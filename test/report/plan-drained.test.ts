import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import type { Output } from "../../src/report/output.ts";
import { planToJson } from "../../src/report/plan-json.ts";
import { formatPlan } from "../../src/report/plan-text.ts";
import { checked } from "../helpers/checked-json.ts";

const plain: Output = {
  width: 400,
  isTerminal: false,
  write: () => undefined,
  paint: (_style, text) => text,
  showActivity: () => undefined,
  announce: () => undefined,
  lend: () => () => undefined,
};
const server = { server: "rs1", since: "2026-11-20T12:00:00.000Z", by: "ann@laptop", address: "172.16.20.20" };
const plan: Plan = {
  topology: "t",
  hosts: new Map([["dr", []]]),
  problems: [],
  drained: [
    { ...server, scope: "server", services: ["web", "api"] },
    { ...server, server: "rs2", scope: "service", services: ["web"] },
  ],
  summary: { create: 0, update: 0, delete: 0, none: 3 },
};

describe("what is drained", () => {
  it("is said even where there is nothing to change, with what ends that", () => {
    expect(formatPlan(plan, plain, 0)).toContain(`
Drained: rs1 gets no connections: drained since 2026-11-20T12:00:00.000Z by ann@laptop. lvsctl undrain FILE rs1 ends that.
Drained: rs2 gets no connections in web: drained since 2026-11-20T12:00:00.000Z by ann@laptop. lvsctl undrain --service web FILE rs2 ends that.

Nothing to change on 1 host (3 things checked).
`);
  });

  it("names an entry on several ports as in the file, and a part of it as a command takes it", () => {
    const inWeb = (services: readonly string[]) => {
      const drained = [{ ...server, scope: "service" as const, services }];
      return formatPlan({ ...plan, services: ["web:80", "web:443"], drained }, plain, 0);
    };
    expect(inWeb(["web:80", "web:443"])).toContain("connections in web: drained");
    expect(inWeb(["web:80", "web:443"])).toContain("undrain --service web FILE rs1 ends");
    expect(inWeb(["web:443"])).toContain("connections in web:443: drained");
    expect(inWeb(["web:443"])).toContain("undrain --service web:443 FILE rs1 ends");
  });

  it("ends with a command for the same file and the same hosts", () => {
    expect(formatPlan(plan, plain, 0, { file: "dr.yaml", lab: true })).toContain(
      "lvsctl undrain --lab dr.yaml rs1 ends that.",
    );
  });

  it("is in the JSON of every plan", () => {
    expect(checked(planToJson(plan))).toMatchObject({
      drained: [{ server: "rs1", by: "ann@laptop" }, { server: "rs2" }],
    });
    const { drained: _drained, ...without } = plan;
    expect(checked(planToJson(without))).toMatchObject({ drained: [] });
  });
});
