import { describe, expect, it } from "vitest";
import type { Service } from "../../src/topology/topology.ts";
import { distributionFault } from "../../src/verify/expectation.ts";

function service(scheduler: string, weights: readonly number[], more: Partial<Service> = {}): Service {
  return {
    scheduler,
    realServers: weights.map((weight, index) => ({ host: `rs${index + 1}`, weight })),
    ...more,
  } as unknown as Service;
}

function fault(of: Service, ...counts: number[]) {
  return distributionFault(of, new Map(counts.map((count, index) => [`rs${index + 1}`, count])));
}

describe("distributionFault", () => {
  it("wants equal shares ± 1 of rr", () => {
    expect(fault(service("rr", [1, 1]), 10, 10)).toBeUndefined();
    expect(fault(service("rr", [1, 1]), 11, 10)).toBeUndefined();
    expect(fault(service("rr", [1, 1]), 12, 8)).toBe(
      "rr should give each of 2 real servers 10 ± 1, but it was rs1 12, rs2 8",
    );
    expect(fault(service("rr", [1, 1]), 20)).toMatch(/rs1 20, rs2 0/);
    expect(fault(service("rr", [1, 1, 1]), 7, 7, 6)).toBeUndefined();
  });

  it("allows for one request that IPVS sent to where an earlier one from its port had gone", () => {
    expect(fault(service("rr", [1, 1, 1]), 8, 6, 6)).toBeUndefined();
    expect(fault(service("rr", [1, 1, 1]), 9, 6, 5)).toMatch(/rs1 9, rs2 6, rs3 5/);
    expect(fault(service("rr", [1, 1, 1]), 10, 10, 0)).toMatch(/rs3 0/);
    expect(fault(service("rr", [1, 1]), 3, 0)).toMatch(/rs2 0/);
  });

  it("wants shares by weight of wrr", () => {
    expect(fault(service("wrr", [3, 1]), 15, 5)).toBeUndefined();
    expect(fault(service("wrr", [3, 1]), 10, 10)).toMatch(/rs1 about 15, rs2 about 5/);
  });

  it("wants every real server at least once of the others", () => {
    expect(fault(service("wlc", [1, 1]), 19, 1)).toBeUndefined();
    expect(fault(service("wlc", [1, 1]), 20, 0)).toMatch(/at least one/);
  });

  it("expects nothing of one client where the scheduler goes by address or the service is persistent", () => {
    expect(fault(service("sh", [1, 1]), 20, 0)).toBeUndefined();
    expect(fault(service("rr", [1, 1], { persistence: { timeout: 60 } }), 20, 0)).toBeUndefined();
  });

  it("expects what the scheduler does of persistence by call: each request is a call of its own", () => {
    const byCall = service("rr", [1, 1], { persistence: { timeout: 60, engine: "sip" } });
    expect(fault(byCall, 10, 10)).toBeUndefined();
    expect(fault(byCall, 20, 0)).toMatch(/rr should give/);
  });

  it.each(["sed", "nq"])("expects nothing of %s, which sees no connection that has ended", (scheduler) => {
    expect(fault(service(scheduler, [1, 1]), 0, 20)).toBeUndefined();
  });

  it.each(["lc", "wlc"])(
    "expects nothing of %s with one-packet scheduling, which leaves no connection",
    (scheduler) => {
      expect(fault(service(scheduler, [1, 1], { onePacket: true }), 0, 20)).toBeUndefined();
      expect(fault(service("rr", [1, 1], { onePacket: true }), 0, 20)).toMatch(/rs1 0, rs2 20/);
    },
  );

  it("allows for turns that requests took which were sent twice", () => {
    const counts = new Map([
      ["rs1", 12],
      ["rs2", 8],
    ]);
    expect(distributionFault(service("rr", [1, 1]), counts, 1)).toBeUndefined();
    expect(distributionFault(service("rr", [1, 1]), counts, 0)).toMatch(/rs1 12/);
    expect(distributionFault(service("wrr", [1, 1]), counts, 1)).toBeUndefined();
  });

  it("sees a quiesced real server that answers", () => {
    expect(fault(service("rr", [1, 0]), 20, 0)).toBeUndefined();
    expect(fault(service("rr", [1, 0]), 10, 10)).toBe("rs2 has weight 0 and answered 10 requests");
    expect(fault(service("rr", [1, 0]), 10, 1)).toBe("rs2 has weight 0 and answered 1 request");
  });

  it("takes the entries of one host together: answers do not tell its ports apart", () => {
    const hosts = (...names: string[]) =>
      names.map((host) => ({ host, weight: 1 })) as unknown as Service["realServers"];
    const twice = { realServers: hosts("rs1", "rs1", "rs2") };
    expect(fault(service("rr", [], twice), 12, 6)).toBeUndefined();
    expect(fault(service("rr", [], twice), 9, 9)).toBe("rr should give rs1 12 ± 2, rs2 6 ± 1, but it was rs1 9, rs2 9");
    expect(fault(service("wrr", [], twice), 12, 6)).toBeUndefined();
    const [first, second, other] = hosts("rs1", "rs1", "rs2");
    if (first === undefined || second === undefined || other === undefined) throw new Error("There are three.");
    const half = { realServers: [first, { ...second, weight: 0 }, other] };
    expect(fault(service("rr", [], half), 10, 10)).toBeUndefined();
  });
});
