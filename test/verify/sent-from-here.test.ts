import { describe, expect, it } from "vitest";
import { HERE, sentFromHereCauses } from "../../src/verify/sent-from-here.ts";
import type { Traffic } from "../../src/verify/traffic.ts";

const sent = (from: string, answered: number, { isOwed = true, target = "http://192.0.2.100:80/" } = {}) =>
  ({ service: "web", from, answers: [{ target, requests: 20, answered, isOwed }] }) as unknown as Traffic;

describe("requests from this machine", () => {
  it("may have no way if none is answered", () => {
    expect(sentFromHereCauses([sent(HERE, 0)])).toEqual([
      {
        host: HERE,
        message: "it may have no route to http://192.0.2.100:80/",
        why: expect.stringContaining("add a host with the role client"),
      },
    ]);
    const two = sentFromHereCauses([sent(HERE, 0), sent(HERE, 0, { target: "http://192.0.2.100:81/" })]);
    expect(two.map(({ message }) => message)).toEqual(["it may have no route to http://192.0.2.100:80/ and 1 more"]);
  });

  it("have one if any is answered, and owe nothing to requests from a client or that need no answer", () => {
    expect(sentFromHereCauses([sent(HERE, 0), sent(HERE, 1)])).toEqual([]);
    expect(sentFromHereCauses([sent("pc", 0)])).toEqual([]);
    expect(sentFromHereCauses([sent(HERE, 0, { isOwed: false })])).toEqual([]);
    expect(sentFromHereCauses([])).toEqual([]);
  });
});
