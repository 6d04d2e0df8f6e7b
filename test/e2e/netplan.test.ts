/** What netplan and cloud-init do to what is ours, on hosts with systemd; docs/hosts.md has the table. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { withUdev } from "../helpers/beside.ts";
import { describeServicesBeside } from "../helpers/beside-lab.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";

let lab: LabUnderTest;

beforeAll(async () => {
  const packages = new Set(withUdev.flatMap((service) => service.packages));
  const flags = ["--init", "systemd", "--packages", [...packages].join(",")];
  lab = await LabUnderTest.up("dr.yaml", "e2e-netp", undefined, [], flags);
});

afterAll(() => lab?.down());

it("is not what configures the host by itself", async () => {
  expect(await lab.on("dr", "find /run/systemd/network -name '*netplan*' 2>/dev/null || :")).toBe("");
});

describeServicesBeside(withUdev, () => lab);
