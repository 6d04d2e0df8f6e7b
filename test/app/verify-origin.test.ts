import { describe, expect, it } from "vitest";
import { verifyTopology } from "../../src/app/verify.ts";

describe("requests from this machine", () => {
  it("are refused for a lab, into which it has no way: they would leave the machine", async () => {
    await expect(verifyTopology("examples/dr.yaml", { parallel: 1, lab: true, from: "local" })).rejects.toMatchObject({
      code: "LVS-VERIFY-002",
    });
  });

  it("are not refused for other hosts", async () => {
    await expect(verifyTopology("no-such.yaml", { parallel: 1, from: "local" })).rejects.not.toMatchObject({
      code: "LVS-VERIFY-002",
    });
  });
});
