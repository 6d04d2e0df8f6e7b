/** Routes that `lvsctl lab up` has made are known as the lab's, by what `ip` says of them. */
import { expect, it } from "vitest";
import { parseRoutes } from "../../src/lvs/ip-route.ts";
import { LAB_PROTOCOL } from "../../src/lvs/lab-protocol.ts";
import { route } from "../../src/resources/route.ts";
import { routeScript } from "../../src/resources/route-state.ts";

const found = (text: string) => parseRoutes(text, 4).map((one) => ({ ...one, table: "main" }));

it.each([
  [`default via 192.168.50.1 dev eth0 proto ${LAB_PROTOCOL} \n`, true],
  ["default via 192.168.50.1 dev eth0 proto static \n", false],
  ["default via 192.168.50.1 dev eth0 \n", false],
])("%j: %s", (text, expected) => {
  expect(found(text).map((state) => route.isOfLab?.(state))).toEqual([expected]);
});

it("are restored with their mark also where ours lead to the same gateway, but not over somebody else's", () => {
  const [ours] = found("default via 192.168.50.1 dev eth0 \n");
  const [original] = found(`default via 192.168.50.1 dev eth0 proto ${LAB_PROTOCOL} \n`);
  const [renewed] = found("default via 192.168.50.1 dev eth0 proto dhcp src 192.168.50.7 \n");
  if (!ours || !original || !renewed) throw new Error("no route");
  expect(route.diff(ours, original)).toEqual([]);
  expect(route.diffFromOriginal?.(ours, original)).toEqual(["options"]);
  expect(route.diffFromOriginal?.(original, original)).toEqual([]);
  expect(route.diffFromOriginal?.(renewed, original)).toEqual([]);
  expect(route.diffFromOriginal?.(ours, ours)).toEqual([]);
});

it("are restored with their mark", () => {
  const [before] = found("default via 192.168.50.5 dev eth0 \n");
  const [after] = found(`default via 192.168.50.1 dev eth0 proto ${LAB_PROTOCOL} \n`);
  if (!before || !after) throw new Error("no route");
  const script = routeScript({ kind: "route", key: "default", before, after });
  expect(String(script)).toContain("proto 198");
});
