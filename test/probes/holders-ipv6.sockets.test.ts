/** Who holds an IPv6 address, asked by NDP. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ThrowAwayHost } from "../resources/throw-away-host.ts";
import { askFrom, hostWithNeighbours, ONE, TWO } from "./host-with-neighbours.ts";

describe.each(["gnu", "busybox"] as const)("with %s tools", (tools) => {
  let host: ThrowAwayHost;

  beforeAll(async () => {
    host = await hostWithNeighbours(tools);
  });
  afterAll(() => host.end());

  const ask = (...questions: readonly string[]) => askFrom(host, questions);

  test("the holder is found; a host cannot ask about an address of its own", async () => {
    expect(await ask("eth0 fd00::11", "eth0 fd00::5")).toEqual({ "fd00::11": [ONE] });
  });

  test("a second holder is found, whatever the cache says, and an entry that somebody has set stays", async () => {
    await host.run("/usr/bin/ip -n two address add fd00::11/64 dev eth0 nodad");
    const both = (await ask("eth0 fd00::11"))["fd00::11"] ?? [];
    await host.run(
      `/usr/bin/ip -n two address del fd00::11/64 dev eth0
      /usr/bin/ip neigh replace fd00::11 lladdr ${TWO} dev eth0 nud permanent`,
    );
    const set = await ask("eth0 fd00::11");
    const { stdout } = await host.run("/usr/bin/ip neigh show to fd00::11 dev eth0");
    await host.run("/usr/bin/ip neigh del fd00::11 dev eth0");
    expect(tools === "busybox" ? both : both.toSorted()).toEqual(tools === "busybox" ? [both[0]] : [ONE, TWO]);
    expect(set).toEqual({ "fd00::11": [TWO] });
    expect(stdout).toContain("PERMANENT");
    expect(await ask("eth0 fd00::11")).toEqual({ "fd00::11": [ONE] });
  });

  test("a router keeps the entry that it is using, so that no traffic turns elsewhere, and asks again for an old one", async () => {
    const entry = async (nud: string, forwarding: string) => {
      await host.run(
        `echo ${forwarding} >/proc/sys/net/ipv6/conf/all/forwarding
        /usr/bin/ip neigh replace fd00::11 lladdr ${TWO} dev eth0 nud ${nud}`,
      );
      return (await ask("eth0 fd00::11"))["fd00::11"];
    };
    const found = [await entry("reachable", "1"), await entry("stale", "1"), await entry("reachable", "0")];
    await host.run("/usr/bin/ip neigh flush to fd00::11");
    expect(found).toEqual([[TWO], [ONE], [ONE]]);
  });
});
