import { expect, it } from "vitest";
import type { PlannedChange } from "../../src/plan/plan.ts";
import { formatDestroyed } from "../../src/report/destroyed.ts";

const change = (action: string) => ({ action }) as PlannedChange;

it("counts the hosts that had something of the topology", () => {
  const hosts = new Map([
    ["lb", [change("delete"), change("none")]],
    ["rs1", [change("update")]],
    ["pc", [change("none")]],
    ["fw", []],
  ]);
  expect(formatDestroyed({ topology: "shop", hosts })).toBe("shop has been removed from 2 hosts.\n");
  expect(formatDestroyed({ topology: "shop", hosts: new Map([...hosts].slice(1)) })).toBe(
    "shop has been removed from 1 host.\n",
  );
});
