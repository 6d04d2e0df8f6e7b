/** Errors name the commands that help as the user would type them: with the file, and for the hosts of the last command. */
import { describe, expect, it } from "vitest";
import { damaged } from "../../src/ledger/ledger.ts";
import type { Pending } from "../../src/ledger/pending.ts";
import type { HostState } from "../../src/plan/host-state.ts";
import { contradiction, mistakenHost } from "../../src/plan/sharing.ts";
import { nextOf } from "../../src/report/next-command.ts";
import { lostRunError, otherRunError } from "../../src/transaction/pending-errors.ts";
import { confirmedError, leftToTimer } from "../../src/transaction/run-errors.ts";
import { halfOpenCauses } from "../../src/verify/doors.ts";
import { fakeKind } from "../helpers/fake-kind.ts";

const next = nextOf({ given: { file: "dr.yaml", lab: true } });
const pending = { id: "1", state: "live", record: undefined } as Pending;
const claim = (state: object) => ({ topology: "old", entry: { kind: "thing", key: "k", state, original: null } });

describe("an error names commands with the file and the way to the hosts", () => {
  it.each([
    ["LVS-LOCK-008", otherRunError("dr", pending, undefined, next), ["confirm", "rollback"]],
    ["LVS-LOCK-009", lostRunError("dr", pending, next), ["plan", "apply --adopt"]],
    ["LVS-LOCK-011", confirmedError("dr", next), ["plan", "apply"]],
    ["LVS-LOCK-006", leftToTimer("dr", confirmedError("dr", next), 60, next), ["plan"]],
    ["LVS-LEDGER-001", damaged("t", "dr", "it is empty", next), ["ledger repair", "apply --adopt"]],
  ] as const)("%s", (code, error, commands) => {
    expect(error.code).toBe(code);
    for (const command of commands) expect(error.details.hint).toContain(`lvsctl ${command} --lab dr.yaml`);
    expect(error.details.hint).not.toMatch(/FILE|lvsctl (apply|plan|ledger|confirm|rollback)(?!.*? --lab dr\.yaml)/);
  });
});

it("a plan's problem about another topology is for the same hosts, reached in the same way", () => {
  const kind = fakeKind({ exclusive: true });
  const resource = { kind: "thing", key: "k", state: { name: "k", size: 1 } } as never;
  const found = contradiction(resource, kind, [claim({ name: "k", size: 2 }) as never], "dr", next);
  expect(found?.hint).toContain("lvsctl destroy --lab --name old --host dr.");
  const desired = { topology: "t", hosts: new Map([["rs1", []]]) };
  const state = { host: "dr", ledger: { topology: "t", host: "rs1", entries: [] } } as unknown as HostState;
  expect(mistakenHost(desired, state, next)?.hint).toContain("lvsctl destroy --lab dr.yaml.");
});

it("a cause on a host that lvsctl does not log in to names the plan that lists its needs", () => {
  const server = { host: "win", address: "10.0.0.9", port: 80, managed: false };
  const service = { name: "web", realServers: [server] } as never;
  const traffic = [{ service: "web", requests: 1, answers: [], timedOut: 1 }] as never;
  const causes = halfOpenCauses([service], traffic, new Map([["10.0.0.9 80", 3]]), next);
  for (const { why } of causes) expect(why).toContain("lvsctl plan -v --lab dr.yaml lists");
});
