/** Clients that are a firewall, a director or a real server too, and what becomes of their own requests. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { whoAnswers } from "../helpers/served-page.ts";

const PLAIN = "10.0.0.100:80";
const HIDDEN = "10.0.0.101:81";
const FULL = "10.0.0.102:82";
const HANDED = "10.0.0.103:83";
const ALONE = "10.0.0.104:84";
const PUBLIC = "198.51.100.1:85";

describe("clients with another role", () => {
  let lab: LabUnderTest;

  beforeAll(async () => {
    lab = await LabUnderTest.up("../test/fixtures/e2e/own-clients.yaml", "e2e-own-clients");
    await succeeded(lab.do("apply", "--yes", "--no-verify"));
  });
  afterAll(async () => {
    await lab?.down();
  });

  it.each([
    ["a director is answered by all that have its requests translated", "lb", PLAIN, ["rs1", "rs2"]],
    ["also with its own address in place of the virtual one, and by itself", "lb", HIDDEN, ["lb", "rs1"]],
    ["also with a local address", "lb", FULL, ["lb", "rs1"]],
    ["a director that hands packets on is answered by nobody but itself", "lb", HANDED, ["-", "lb"]],
    ["a director is answered by itself where there is no other real server", "lb", ALONE, ["lb"]],
    ["a real server is not answered by itself if its address is shown", "rs1", PLAIN, ["-", "rs2"]],
    ["a real server is answered by itself if its address is hidden", "rs1", HIDDEN, ["lb", "rs1"]],
    ["also behind a local address", "rs1", FULL, ["lb", "rs1"]],
    ["a firewall does not translate requests of its own", "fw", PUBLIC, ["-"]],
    ["a director drops its own requests that the firewall hands to it", "lb", PUBLIC, ["-"]],
  ])("%s", async (_about, host, target, answered) => {
    const answers = await whoAnswers(lab, host, [target, target, target, target]);
    expect([...new Set(answers)].toSorted()).toEqual(answered);
  });

  it("go without a trace", async () => {
    await succeeded(lab.do("destroy", "--yes"));
  });
});
