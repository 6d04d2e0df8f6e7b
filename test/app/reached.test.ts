/** A service whose addresses are on several networks is tested from each client at those that it reaches. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { loadAndCompile } from "../../src/app/load.ts";
import { reachedBy, unsentFrom } from "../../src/app/reached.ts";

const FILE = "test/fixtures/topology/good-several-addresses-on-two-networks/input.yaml";
const { topology, clients } = await loadAndCompile(FILE);

describe("a client that reaches one address of a service with a mark", () => {
  test.each([
    ["outside", "203.0.113.80", "203.0.113.81", "192.168.7.80"],
    ["office", "192.168.7.80", "192.168.7.81", "203.0.113.80"],
  ])("%s sends to that one alone, and verify says so", (client, shop, own, other) => {
    const sent = reachedBy(topology, client, clients).services.map(({ name, match }) => {
      return [name, ...new Set(match.map(({ address }) => address))];
    });
    expect(sent).toEqual([
      ["shop", shop],
      ["own", own],
    ]);
    expect([...unsentFrom(client, clients)]).toContainEqual([
      "shop",
      ` to ${other}`,
      `"${client}" has no route to ${other}`,
    ]);
  });

  test("is shown at that one if it is the only client", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lvsctl-reached-"));
    const file = join(folder, "office.yaml");
    writeFileSync(file, readFileSync(FILE, "utf8").replace(/^ *outside:.*\n/m, ""));
    const { services } = await explain(file, "en");
    rmSync(folder, { recursive: true });
    expect(services[0]?.way).toMatchObject({ client: "office", isAnswered: true });
    expect(services[0]?.way?.hops[0]).toMatchObject({ destination: "192.168.7.80:80" });
    expect(services[0]?.excluded).toBeUndefined();
  });
});
