import { expect, it } from "vitest";
import { formatRemoteCommands } from "../../src/report/remote-commands.ts";

it("counts round trips in words", () => {
  expect(formatRemoteCommands(5, 5)).toBe("Ran 5 remote commands on 5 hosts.\n");
  expect(formatRemoteCommands(1, 1)).toBe("Ran 1 remote command on 1 host.\n");
});
