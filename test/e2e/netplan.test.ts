/** What netplan and cloud-init do to what is ours, on hosts with systemd; docs/hosts.md has the table. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { withUdev } from "../helpers/beside.ts";
import { besideLab, describeServicesBeside } from "../helpers/beside-lab.ts";
import type { LabUnderTest } from "../helpers/lab-under-test.ts";

let lab: LabUnderTest;

beforeAll(async () => {
  lab = await besideLab("e2e-netp", withUdev);
});

afterAll(() => lab?.down());

it("is not what configures the host by itself", async () => {
  expect(await lab.on("dr", "find /run/systemd/network -name '*netplan*' 2>/dev/null || :")).toBe("");
});

describeServicesBeside(withUdev, () => lab);
