/** A director without a route to its clients: the warning, what verify says, and both ways out. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LabUnderTest } from "../helpers/lab-under-test.ts";

let lab: LabUnderTest;

beforeAll(async () => {
  lab = await LabUnderTest.up("../test/fixtures/e2e/source-check.yaml", "e2e-source-check");
});
afterAll(() => lab?.down());

describe("a director without a route to its clients", () => {
  it("is warned of, and with rp_filter 2 it drops every request; verify says which packets and why", async () => {
    await lab.ensureBare();
    const validated = await lab.lvsctl("validate", lab.file);
    expect(validated.status).toBe(0);
    expect(validated.stderr + validated.stdout).toContain("LVS-CONFIG-078");
    const { status, stdout } = await lab.do("apply", "--yes");
    const text = stdout.replaceAll(/\s+/g, " ");
    expect(text).toContain("web: 0 of 8 requests from client");
    expect(text).toMatch(/lb: \d+ packets were dropped by rp_filter \(2 on eth0[^)]*\) during the requests/);
    expect(status, stdout).toBe(3);
  });

  it.each([
    ["a gateway", (text: string) => text.replace("10.0.2.5/24 } }", "10.0.2.5/24 }, gateway: 10.0.2.1 }")],
    [
      "rp_filter 0",
      (text: string) =>
        text.replace(
          "10.0.2.5/24 } }",
          "10.0.2.5/24 }, sysctls: { net.ipv4.conf.all.rp_filter: 0, net.ipv4.conf.eth0.rp_filter: 0 } }",
        ),
    ],
  ])("with %s it is neither warned of nor silent", async (_what, edit) => {
    const file = lab.variant("mended.yaml", edit);
    const validated = await lab.lvsctl("validate", file);
    expect(validated.stderr + validated.stdout).not.toContain("LVS-CONFIG-078");
    const { status, stdout } = await lab.lvsctl("apply", "--lab", "--yes", file);
    lab.forgetState();
    expect(stdout).toContain("web: 8 of 8 requests from client");
    expect(status, stdout).toBe(0);
  });
});
