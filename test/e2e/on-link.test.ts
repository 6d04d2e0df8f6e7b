/** Hosts with whole addresses, whose router is in no subnet of theirs: up, apply, apply, destroy; and one that cannot be. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTopologyFile } from "../../src/app/load.ts";
import { labUp } from "../../src/lab/lab.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";

const FIXTURE = "test/fixtures/e2e/on-link.yaml";

describe("hosts whose router is in no subnet of theirs", () => {
  let lab: LabUnderTest;
  beforeAll(async () => {
    lab = await LabUnderTest.up(`../${FIXTURE}`, "e2e-on-link");
  });
  afterAll(() => lab?.down());

  it("have the routes of the file, whatever their order and however they name the interface", async () => {
    expect(await routes("rs1", "-4")).toEqual([
      "198.51.100.0/24 via 203.0.113.1 dev eth0",
      "203.0.113.1 dev eth0 scope link",
      "default via 203.0.113.1 dev eth0",
    ]);
    expect(await routes("client", "-6 default")).toEqual([expect.stringMatching(/^default via fe80::1 dev eth0/)]);
  });

  it("serve", async () => {
    await lab.ensureBare();
    const { stdout, status } = await lab.do("apply", "--yes");
    expect(stdout).toContain("8 of 8 requests from client to http://203.0.113.10:80/ were answered");
    expect(status, stdout).toBe(0);
    expect((await lab.do("apply", "--yes")).stdout).toContain("Nothing to change");
  });

  it("do not without the route to the router, and verify says so", async () => {
    await lab.ensureApplied();
    await lab.on("lb", "ip route del default; ip route del 203.0.113.1");
    lab.forgetState();
    const { status, stdout } = await lab.do("verify");
    expect(status, stdout).toBe(3);
    expect(stdout).toContain("0 of 8 requests");
    await lab.on("lb", "ip route add 203.0.113.1 dev eth0 proto 198; ip route add default via 203.0.113.1 proto 198");
  });

  it("have their routes again after destroy", async () => {
    await lab.ensureSomething();
    await succeeded(lab.do("destroy", "--yes"));
    expect(await routes("lb", "-4")).toEqual(["203.0.113.1 dev eth0 scope link", "default via 203.0.113.1 dev eth0"]);
  });

  /** Without those of the lab itself. */
  async function routes(host: string, which: string): Promise<readonly string[]> {
    const [family = "", ...others] = which.split(" ");
    const printed = await lab.on(host, `ip ${family} route show ${others.join(" ")}`);
    const lines = printed.split("\n").map((line) => line.trim());
    return lines
      .map((line) => line.replace(" proto 198", "")) // The lab's own routes are marked so.
      .filter((line) => line !== "" && !line.includes("mgmt"))
      .sort();
  }
});

it("a lab of the engine uml that cannot be made says what failed, and shows no stack", async () => {
  const { topology } = await loadTopologyFile(FIXTURE);
  const hosts = topology.hosts.map((host) =>
    host.name === "rs1" ? { ...host, routes: host.routes.filter(({ device, via }) => via ?? !device) } : host,
  );
  const up = labUp({ ...topology, name: "e2e-on-link-bad", hosts }, { engine: "uml" });
  await expect(up).rejects.toMatchObject({
    code: "LVS-LAB-006",
    details: { output: expect.stringMatching(/Command failed network\.batch:\d+[\s\S]*lvsctl-lab: failed host rs1$/) },
  });
});
