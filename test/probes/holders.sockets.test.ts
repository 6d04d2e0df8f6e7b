/** Who holds an IPv4 address, asked by a host that has it itself too, with each arping that a host may have. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arpingProgram, arpings } from "../helpers/arpings.ts";
import type { ThrowAwayHost } from "../resources/throw-away-host.ts";
import { askFrom, hostWithNeighbours, ONE, TWO } from "./host-with-neighbours.ts";

describe.each([
  ...arpings.map((arping) => ({ name: `${arping}' arping`, tools: "gnu", arping }) as const),
  { name: "BusyBox' arping", tools: "busybox", arping: undefined } as const,
])("with $name", ({ tools, arping }) => {
  let host: ThrowAwayHost;

  beforeAll(async () => {
    host = await hostWithNeighbours(tools);
    if (arping) await host.run(`ln -s ${arpingProgram(arping)} /usr/local/sbin/arping`);
  });
  afterAll(() => host.end());

  const ask = (...questions: readonly string[]) => askFrom(host, questions);

  test("a machine that answers is found, the first one if there are two, and nobody where there is none", async () => {
    const found = await ask("eth0 172.16.10.10", "eth0 172.16.10.11", "eth0 172.16.10.12");
    const both = found["172.16.10.10"] ?? [];
    expect(both.toSorted()).toEqual(arping === "Habets" ? [ONE, TWO] : [both[0]]);
    expect([ONE, TWO]).toContain(both[0]);
    expect(found).toMatchObject({
      "172.16.10.11": [ONE],
      "172.16.10.12": [],
    });
  });

  test("the host's own address: only others count", async () => {
    expect(await ask("eth0 172.16.10.5")).toEqual({ "172.16.10.5": [] });
    await host.run("/usr/bin/ip -n two address add 172.16.10.5/24 dev eth0");
    const found = await ask("eth0 172.16.10.5");
    await host.run("/usr/bin/ip -n two address del 172.16.10.5/24 dev eth0");
    expect(found).toEqual({ "172.16.10.5": [TWO] });
  });

  test("an interface without neighbours cannot ask", async () => {
    expect(await ask("lo 172.16.10.10")).toEqual({});
  });

  test("nor can one that is down: that is not the same as nobody", async () => {
    await host.run("/usr/bin/ip link set eth0 down");
    const found = await ask("eth0 172.16.10.10", "eth0 172.16.10.12");
    await host.run("/usr/bin/ip link set eth0 up");
    expect(found).toEqual({});
  });
});
