/** The clock on which the engine is tested. */
import { expect, it } from "vitest";
import { VirtualClock } from "../helpers/virtual-clock.ts";

it("what goes on for ever fails, and the failure says who waits", async () => {
  const clock = new VirtualClock();
  const process = clock.process();
  const goOnForEver = async () => {
    for (;;) await process.sleep(1);
  };
  await expect(clock.until(goOnForEver())).rejects.toThrow(/events it still goes on.*at goOnForEver/s);
});
