/** What the command line says of a verification's requests. */
import { describe, expect, it } from "vitest";
import { applyTopology } from "../../src/app/apply.ts";
import { askedAmong, withAsking } from "../../src/app/asking.ts";
import type { RunView } from "../../src/app/run.ts";
import { verifyTopology } from "../../src/app/verify.ts";
import { loadTopology } from "../helpers/load-topology.ts";

const { topology } = loadTopology(
  `version: 1
name: lab
hosts:
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 } }
  rs1: { role: real-server, interfaces: { eth0: 172.16.10.21/24 } }
services:
  web: { mode: dr, vip: 172.16.10.10, ports: [80, 443], realServers: [rs1] }
  db: { mode: dr, vip: 172.16.10.11, port: 3306, realServers: [rs1] }
verify: { requests: 40, timeout: 7 }
`,
  "lab.yaml",
);
if (topology === undefined) throw new Error("The topology is wrong.");

describe("what the command line says", () => {
  it("takes the place of what the file says, and nothing else does", () => {
    expect(withAsking(topology, { requests: 4, timeoutSeconds: 15, retries: 0 }).verify).toEqual({
      ...{ requests: 4, timeoutSeconds: 15, retries: 0 },
    });
    expect(withAsking(topology, { requests: 4 }).verify).toEqual({ requests: 4, timeoutSeconds: 7 });
    expect(withAsking(topology).verify).toEqual({ requests: 40, timeoutSeconds: 7 });
  });

  it("chooses services by the name of an entry or of a part", () => {
    expect([...askedAmong(topology, { only: ["web"] })]).toEqual(["web:80", "web:443"]);
    expect([...askedAmong(topology, { only: ["web:443", "db"] })]).toEqual(["web:443", "db"]);
    expect([...askedAmong(topology, {})]).toEqual(["web:80", "web:443", "db"]);
    expect(withAsking(topology, { only: ["db"] }).services).toEqual(topology.services);
  });

  it("is refused for a service that is not in the file, before any host is asked", async () => {
    const wrong = { code: "LVS-USAGE-001", details: { hint: expect.stringContaining('Did you mean "web"?') } };
    expect(() => withAsking(topology, { only: ["db", "wbe"] })).toThrow('There is no service "wbe" in lab.yaml.');
    const options = { parallel: 1, asking: { only: ["wbe"] } };
    await expect(verifyTopology("examples/dr.yaml", options)).rejects.toMatchObject(wrong);
    const view = {} as RunView;
    await expect(applyTopology("examples/dr.yaml", options, view)).rejects.toMatchObject(wrong);
  });
});
