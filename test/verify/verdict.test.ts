/** What a verification says of requests that were too slow, and of answers that are too few. */
import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import type { Output } from "../../src/report/output.ts";
import { formatVerification, verificationToJson } from "../../src/report/verification.ts";
import type { Service, Topology } from "../../src/topology/topology.ts";
import type { Answers } from "../../src/verify/traffic.ts";
import { type Cause, judge } from "../../src/verify/verification.ts";
import { checked } from "../helpers/checked-json.ts";

const service = (scheduler: string, weights: readonly number[], more: Partial<Service> = {}) =>
  ({
    ...{ name: "web", scheduler, ...more },
    realServers: weights.map((weight, index) => ({ host: `rs${index + 1}`, weight })),
  }) as unknown as Service;
const topology = (one: Service, timeoutSeconds = 5, hosts = 1) =>
  ({
    name: "t",
    services: [one],
    hosts: Array.from({ length: hosts }),
    verify: { requests: 20, timeoutSeconds },
  }) as unknown as Topology;

const output = { width: 100, paint: (_style: string, text: string) => text } as Output;

/** A host's part of a plan, with changes of these kinds. */
function planWith(...changes: readonly { readonly action: string; readonly isAction: boolean }[]): Plan {
  const described = changes.map((change) => ({ ...change, host: "rs1", description: "a thing", fields: [], why: "" }));
  return { topology: "t", hosts: new Map([["rs1", described]]), problems: [] } as unknown as Plan;
}
const asItShouldBe = planWith();

/** The answers of each real server in turn; what is missing timed out, unless it is said otherwise. */
function answersOf(counts: readonly number[], requests = 20, more: Partial<Answers> = {}): Answers {
  const answered = counts.reduce((sum, each) => sum + each, 0);
  return {
    ...{ type: "http", target: "http://192.0.2.1:80/", requests, retried: 0, answered, timedOut: requests - answered },
    ...{ byRealServer: new Map(counts.map((count, index) => [`rs${index + 1}`, count])), foreignAnswers: 0 },
    ...{ errors: answered < requests ? ["timed out after 5 s"] : [], isNamed: true, isOwed: true },
    ...more,
  };
}

interface Circumstances {
  readonly of?: Service;
  readonly plan?: Plan;
  readonly causes?: readonly Cause[];
  readonly timeoutSeconds?: number;
  /** How many hosts the file has; the plan is of one. */
  readonly hosts?: number;
}

function verdictOn(
  answers: Answers,
  { of, plan = asItShouldBe, causes = [], timeoutSeconds, hosts }: Circumstances = {},
) {
  const one = topology(of ?? service("rr", [1, 1]), timeoutSeconds, hosts);
  const verification = judge(one, [{ service: "web", from: "client", answers: [answers] }], plan, [], { causes });
  const text = formatVerification(verification, { file: "dr.yaml", lab: true }, output).replace(/\s+/g, " ");
  return { ...verification, text, json: checked(verificationToJson(verification)) };
}

describe("requests that were slow, and not wrong", () => {
  it("are told from a fault: how many, where to, and what to try", () => {
    const { ok, slow, text, json } = verdictOn(answersOf([9, 8]));
    expect(ok).toBe(false);
    expect(slow).toEqual([
      {
        ...{ service: "web", target: "http://192.0.2.1:80/", from: "client" },
        ...{ requests: 20, timedOut: 3, timeoutSeconds: 5 },
      },
    ]);
    expect(json["slow"]).toEqual(slow);
    expect(text).toContain("Verification failed: slow, not wrong. 3 of 20 requests to web had no answer within 5 s.");
    expect(text).toContain("All answers were correct, and every host matches the topology.");
    expect(text).toContain("lvsctl verify --timeout 15 --lab dr.yaml, or verify.timeout");
    expect(text).toContain("verify.timeout");
  });

  it("do not speak for hosts that were not looked at", () => {
    const { text } = verdictOn(answersOf([9, 8]), { hosts: 3 });
    expect(text).toContain(
      "All answers were correct, and 1 of 3 hosts matches the topology; the others were not looked at.",
    );
    const none = verdictOn(answersOf([9, 8]), { hosts: 3, plan: { ...asItShouldBe, hosts: new Map() } });
    expect(none.text).toContain("All answers were correct; no host was looked at.");
    expect(text + none.text).not.toContain("every host");
  });

  it("are not blamed for the shares that they leave uneven", () => {
    const { slow, checks, notes, text } = verdictOn(answersOf([10, 5]));
    expect(slow).toHaveLength(1);
    expect(checks.map(({ name }) => name)).not.toContain("distribution");
    expect(notes).toContainEqual(expect.stringContaining("5 of 20 requests timed out"));
    expect(text).toContain("slow, not wrong");
    // Too uneven for what is missing.
    expect(verdictOn(answersOf([17, 1])).slow).toEqual([]);
  });

  it("leave no tick for shares that only requests sent again could explain", () => {
    const { checks, notes } = verdictOn(answersOf([0, 15], 20, { retried: 10 }));
    expect(checks.map(({ name }) => name)).not.toContain("distribution");
    expect(notes).toContainEqual(
      "web: the distribution by rr is not judged, because 5 of 20 requests timed out: rs1 0, rs2 15",
    );
    const all = verdictOn(answersOf([5, 15], 20, { retried: 10 }));
    expect(all.checks).toContainEqual(expect.objectContaining({ name: "distribution", ok: true }));
  });

  it("get no longer timeout to try where there is none", () => {
    const { text } = verdictOn(answersOf([9, 8]), { timeoutSeconds: 300 });
    expect(text).toContain("slow, not wrong");
    expect(text).not.toContain("--timeout");
    expect(verdictOn(answersOf([9, 8]), { timeoutSeconds: 200 }).text).toContain("--timeout 300 ");
  });

  it.each([
    ["a host differs from the topology", answersOf([9, 8]), { plan: planWith({ action: "create", isAction: false }) }],
    ["a cause was found", answersOf([9, 8]), { causes: [{ host: "rs1", message: "it dropped packets", why: "" }] }],
    ["others failed otherwise", answersOf([9, 8], 20, { timedOut: 2 }), {}],
    ["nothing was answered", answersOf([0, 0]), {}],
    ["one real server answered nothing", answersOf([10, 0]), {}],
    ["one answered nothing, by a scheduler that may do that", answersOf([10, 0]), { of: service("sh", [1, 1]) }],
    ["nobody can tell who answered", answersOf([0, 0], 20, { answered: 17, timedOut: 3, isNamed: false }), {}],
    ["a stranger answered", answersOf([8, 8], 20, { foreignAnswers: 1 }), {}],
  ] as const)("are not all that is wrong if %s", (_what, answers, circumstances) => {
    const { ok, slow, text } = verdictOn(answers, circumstances);
    expect({ ok, slow }).toEqual({ ok: false, slow: [] });
    expect(text).toContain("Verification failed.");
    expect(text).not.toContain("slow, not wrong");
  });

  it("are not mentioned where all were answered", () => {
    const { ok, slow, text } = verdictOn(answersOf([10, 10]));
    expect({ ok, slow }).toEqual({ ok: true, slow: [] });
    expect(text).toContain("Verified: it works.");
  });
});

describe("too few answers to judge a distribution", () => {
  it.each([
    ["rr", [1, 1], [1, 0], 20, 3],
    ["rr", [1, 1], [1, 1], 2, 3],
    ["wrr", [3, 1], [1, 0], 1, 5],
    ["wlc", [1, 1], [1, 0], 1, 4],
  ] as const)("%s, weights %j: %j of %d", (scheduler, weights, counts, requests, needed) => {
    const { checks, notes, text } = verdictOn(answersOf(counts, requests), { of: service(scheduler, weights) });
    expect(checks.map(({ name }) => name)).not.toContain("distribution");
    const shares = `rs1 ${counts[0]}, rs2 ${counts[1]}`;
    expect(notes).toEqual([
      `web: too few answers to judge the distribution by ${scheduler}: ${shares}; it takes ${needed}`,
    ]);
    expect(text).toContain(`- web: too few answers`);
    expect(text).not.toContain(`✓ web: ${scheduler}`);
  });

  it("do not fail a verification in which every request was answered", () => {
    expect(verdictOn(answersOf([1, 0], 1)).ok).toBe(true);
  });

  it.each([
    ["rr", [1, 1], [2, 1], {}],
    ["wrr", [3, 1], [4, 1], {}],
    ["wlc", [1, 1], [3, 1], {}],
    ["sh", [1, 1], [1, 0], {}],
    ["rr", [1, 1], [1, 0], { persistence: { timeout: 60 } }],
    ["rr", [1, 0], [1, 0], {}],
  ] as const)("are not said of %s, weights %j, with %j", (scheduler, weights, counts, more) => {
    const requests = counts[0] + counts[1];
    const { checks, notes } = verdictOn(answersOf(counts, requests), { of: service(scheduler, weights, more) });
    expect(checks).toContainEqual(expect.objectContaining({ name: "distribution", ok: true }));
    expect(notes).toEqual([]);
  });

  it("do not hide a real server of weight 0 that answers", () => {
    const { checks } = verdictOn(answersOf([0, 1], 1), { of: service("rr", [1, 0]) });
    expect(checks).toContainEqual(expect.objectContaining({ name: "distribution", ok: false }));
  });
});

describe("what there is only one of", () => {
  it("is an answer of a stranger, and not answers", () => {
    const details = (answers: Answers) => verdictOn(answers).checks.map(({ detail }) => detail);
    const said = "not lvsctl's test page: another server answers";
    expect(details(answersOf([9, 10], 20, { answered: 20, foreignAnswers: 1 }))).toContain(`1 answer is ${said}`);
    expect(details(answersOf([9, 9], 20, { answered: 20, foreignAnswers: 2 }))).toContain(`2 answers are ${said}`);
  });

  it("is a connection, a request and a packet that passed the directors", () => {
    const answers = answersOf([0, 0], 1, { answered: 1, timedOut: 0, byRealServer: new Map(), isNamed: false });
    const passed = { byRealServer: new Map([["rs1", 1]]), packetsBack: 1 };
    const traffic = [{ service: "web", from: "client", answers: [answers], passed }];
    expect(judge(topology(service("rr", [1, 1])), traffic, asItShouldBe, []).checks).toContainEqual(
      expect.objectContaining({
        detail: "1 connection passed the directors for 1 request; 1 packet came back through them",
      }),
    );
  });
});

describe("what only follows a change", () => {
  const follows = { action: "update", isAction: true };
  const missing = { action: "create", isAction: false };

  it("is nothing that is not as the topology says", () => {
    const { ok, checks } = verdictOn(answersOf([10, 10]), { plan: planWith(follows) });
    expect(ok).toBe(true);
    expect(checks).toContainEqual({ name: "state", ok: true, detail: "rs1 matches the topology" });
    const both = verdictOn(answersOf([10, 10]), { plan: planWith(missing, follows) });
    expect(both.checks).toContainEqual(
      expect.objectContaining({ detail: expect.stringContaining("1 thing does not match") }),
    );
  });
});

describe("a failure without a known cause", () => {
  const refused = { timedOut: 0, errors: ["connection refused"] };

  it("is said to have none on the hosts", () => {
    const { text } = verdictOn(answersOf([9, 8], 20, refused));
    expect(text).toContain("Verification failed. No cause was found on the hosts.");
    expect(verdictOn(answersOf([9, 8], 20, refused), { hosts: 3 }).text).toContain(
      "No cause was found on 1 of 3 hosts; the others were not looked at.",
    );
  });

  it("is not said to have none where there is one", () => {
    const causes = [{ host: "rs1", message: "it dropped packets", why: "" }];
    for (const circumstances of [{ causes }, { plan: planWith({ action: "create", isAction: false }) }]) {
      const { text } = verdictOn(answersOf([9, 8], 20, refused), circumstances);
      expect(text).toContain("Likely cause:");
      expect(text).not.toContain("No cause was found");
    }
    expect(verdictOn(answersOf([10, 10])).text).not.toContain("No cause was found");
  });
});
