import { describe, expect, it } from "vitest";
import { findHosts, findHostsAndDesired } from "../../src/app/scope.ts";

const file = { file: "examples/dr.yaml" };
const mixed = { file: "test/fixtures/compile/unmanaged/input.yaml" };
const named = { name: "dr-lab", hosts: ["dr", "rs1", "rs1"] };

describe("the hosts of a topology file", () => {
  it("are all of it, each with its way in, and nothing is asked of them", async () => {
    const { topology, targets, desired } = await findHosts(file, {});
    expect(topology).toBe("dr-lab");
    expect(targets.map(({ name }) => name)).toEqual(["fw", "dr", "rs1", "rs2", "client"]);
    expect(targets[0]).toEqual({ name: "fw", ssh: { destination: "fw" } });
    expect(desired.hosts.size).toBe(0);
  });

  it("come with what the file asks of each, where that is wanted", async () => {
    const { desired } = await findHostsAndDesired(file, {});
    expect([...desired.hosts.keys()]).toContain("rs1");
  });

  it("are those of --limit, in the file's order", async () => {
    const { targets } = await findHosts(file, { limit: ["rs2", "dr"] });
    expect(targets.map(({ name }) => name)).toEqual(["dr", "rs2"]);
  });

  it("do not include what --limit has misspelt", async () => {
    await expect(findHosts(file, { limit: ["dr", "rs9"] })).rejects.toMatchObject({
      code: "LVS-USAGE-001",
      message: '--limit names "rs9", which is no host of dr-lab.',
      details: { hint: "Did you mean rs1?" },
    });
  });
});

describe("the hosts that lvsctl does not log in to", () => {
  it("are no targets of any command, and nothing is asked of them", async () => {
    const { targets, desired } = await findHostsAndDesired(mixed, {});
    expect(targets.map(({ name }) => name)).toEqual(["lb", "rs1"]);
    expect([...desired.hosts.keys()]).toEqual(["lb", "rs1"]);
    expect([...(desired.unmanaged ?? [])].map(([host]) => host)).toEqual(["fw", "win1", "pc"]);
    expect((await findHosts(mixed, {})).targets.map(({ name }) => name)).toEqual(["lb", "rs1"]);
  });

  it.each([
    ["--limit", { limit: ["rs1", "win1"] }],
    ["--confirm-at", { confirmAt: new Map([["win1", "192.0.2.99"]]) }],
  ])("cannot be named by %s", async (flag, options) => {
    await expect(findHosts(mixed, options)).rejects.toMatchObject({
      code: "LVS-USAGE-001",
      message: `${flag} names "win1", to which lvsctl does not log in (\`managed: false\`).`,
    });
  });

  it("are reached by --name and --host all the same, by whoever asks for it", async () => {
    const { targets } = await findHosts({ name: "mixed", hosts: ["win1"] }, {});
    expect(targets.map(({ name }) => name)).toEqual(["win1"]);
  });
});

describe("the hosts of a topology whose file is lost", () => {
  it("are those of --host, once each", async () => {
    const { topology, targets, desired } = await findHostsAndDesired(named, {});
    expect(topology).toBe("dr-lab");
    expect(targets).toEqual([
      { name: "dr", ssh: { destination: "dr" } },
      { name: "rs1", ssh: { destination: "rs1" } },
    ]);
    expect(desired).toEqual({ topology: "dr-lab", hosts: new Map() });
  });

  it("can be limited, to what --host names", async () => {
    const { targets } = await findHosts(named, { limit: ["rs1"] });
    expect(targets.map(({ name }) => name)).toEqual(["rs1"]);
    await expect(findHosts(named, { limit: ["fw"] })).rejects.toMatchObject({
      message: '--limit names "fw", which --host does not.',
    });
  });
});
