/** Whether a lab that was built from an older version of a file has what the file needs now. */
import { describe, expect, it } from "vitest";
import { misfits, type Wiring } from "../../src/lab/wiring.ts";

const built: Wiring = { lb: { eth0: "front" }, rs1: { eth0: "front" }, rs2: { eth0: "back" } };

describe("a lab", () => {
  it("fits what it was built from, whatever the segments are called, and if it has more", () => {
    expect(misfits(built, built)).toEqual([]);
    expect(misfits(built, { lb: { eth0: "a" }, rs1: { eth0: "a" }, rs2: { eth0: "b" } })).toEqual([]);
    expect(misfits(built, { lb: { eth0: "front" } })).toEqual([]);
  });

  it("lacks hosts and interfaces", () => {
    const needed = { ...built, lb: { eth0: "front", eth1: "back" }, rs3: { eth0: "back" } };
    expect(misfits(built, needed)).toEqual(["lb has no interface eth1", "it has no host rs3"]);
  });

  it("has interfaces on other segments than the file", () => {
    const together = { lb: { eth0: "front" }, rs1: { eth0: "front" }, rs2: { eth0: "front" } };
    const between = "eth0 of lb and eth0 of rs2 are to be";
    expect(misfits(built, together)).toEqual([`${between} on one segment`]);
    expect(misfits(together, built)).toEqual([`${between} on two segments`]);
  });
});
