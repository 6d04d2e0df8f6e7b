import { describe, expect, it } from "vitest";
import type { Output } from "../../src/report/output.ts";
import { formatVerification } from "../../src/report/verification.ts";
import type { Verification } from "../../src/verify/verification.ts";

const GIVEN = { file: "shop.yaml" };
const output = { width: 80, paint: (_style: string, text: string) => text } as Output;

function verdictOn(requests: Readonly<Record<string, number>>, ok = true): string {
  const services = new Map(
    Object.entries(requests).map(([name, count]) => [
      name,
      { requests: count, failed: 0, byRealServer: new Map(), tests: [] },
    ]),
  );
  const verification: Verification = {
    topology: "shop",
    ok,
    hosts: 0,
    checks: [],
    services,
    causes: [],
    notes: [],
    slow: [],
  };
  return formatVerification(verification, GIVEN, output).split("\n\n").at(-1) ?? "";
}

it("shows little of what a host says without end", () => {
  const endless = `status ${"x".repeat(1_000_000)}`;
  const checks = [{ name: "traffic", ok: false, service: "web", detail: endless }];
  const causes = [{ host: "rs1", message: endless, why: "" }];
  const found = { topology: "shop", ok: false, checks, services: new Map(), causes, notes: [], slow: [] };
  expect(formatVerification(found as unknown as Verification, GIVEN, output).length).toBeLessThan(21_000);
});

it("gives a cause that several hosts have once, with their names, and each of its sentences one full stop", () => {
  const arp = { message: "arp_ignore is 0", why: "It must not answer." };
  const causes = [
    { host: "rs1", ...arp },
    { host: "lb", message: "There is another route: default via 10.0.0.1 dev eth0.", why: "" },
    { host: "rs2", ...arp },
    { host: "rs3", ...arp, why: "Another reason." },
  ];
  const found = { topology: "shop", ok: false, hosts: 0, checks: [], services: new Map(), causes, notes: [], slow: [] };
  expect(formatVerification(found, GIVEN, output)).toContain(
    `Likely cause:
  rs1, rs2: arp_ignore is 0. It must not answer.
  lb: There is another route: default via 10.0.0.1 dev eth0.
  rs3: arp_ignore is 0. Another reason.
`,
  );
});

describe("the verdict", () => {
  it("is that it works where every service was asked", () => {
    expect(verdictOn({ web: 20, db: 8 })).toBe("\nVerified: it works.\n");
  });

  it("names the services that were not asked, the first of them if there are many", () => {
    expect(verdictOn({ web: 20, soon: 0, log: 0 })).toBe(
      "\nVerified: it works. No requests were sent to soon and log.\n",
    );
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`s${index}`, 0]));
    expect(verdictOn({ web: 20, ...many })).toContain("sent to s0, s1, s2, s3, s4 and 3 more.");
  });

  it("is not that it works where nothing was asked", () => {
    const said = "\nNothing is wrong, but no requests were sent, so it is not verified.\n";
    expect(verdictOn({ web: 0, db: 0 })).toBe(said);
    expect(verdictOn({})).toBe(said);
  });

  it("is a failure whatever was asked", () => {
    expect(verdictOn({ web: 20 }, false)).toBe("\nVerification failed.\n");
    expect(verdictOn({ web: 0 }, false)).toBe("\nVerification failed.\n");
  });
});
