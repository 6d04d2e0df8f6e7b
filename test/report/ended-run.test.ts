import { expect, it } from "vitest";
import { formatEndedRun } from "../../src/report/pending.ts";
import { plainOutput } from "../helpers/plain-output.ts";

it("says on which hosts a run was rolled back, and on which it had been confirmed before", () => {
  const ended = { result: "rolled-back", hosts: ["dr", "rs1"], completed: ["rs1"], failures: [] } as const;
  expect(formatEndedRun(ended, plainOutput(80))).toBe(
    "Rolled back on dr.\nAlready confirmed, and now completed, on rs1.\n",
  );
  expect(formatEndedRun({ ...ended, hosts: ["dr"], completed: [] }, plainOutput(80))).toBe("Rolled back on dr.\n");
});
