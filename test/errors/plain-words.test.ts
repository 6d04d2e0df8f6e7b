/** Messages of what happens on the way to hosts and on them, whatever is missing in what they are made of. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { catalogue } from "../../src/errors/catalogue.ts";
import type { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { lostRunError, otherRunError } from "../../src/transaction/pending-errors.ts";
import { goneError, refusedError, stepFailure } from "../../src/transaction/run-errors.ts";
import {
  forwardRefused,
  type LoginPoint,
  loginError,
  lostConnection,
  noAnswer,
  sessionRefused,
} from "../../src/transport/ssh-errors.ts";
import { expectPlainTexts } from "../helpers/plain-texts.ts";

function expectPlain({ code, title, message, details: { hint } }: LvsctlError): void {
  expect(code).not.toBe("");
  expectPlainTexts([title, message, hint]);
}

const hop = fc.record({
  destination: fc.constantFrom("rs1", "bastion", "192.0.2.1"),
  hostName: fc.constantFrom("rs1", "192.0.2.1", "2001:db8::1"),
  port: fc.constantFrom(22, 2222),
  isJump: fc.constantFrom(undefined, true),
}) as unknown as fc.Arbitrary<LoginPoint["hop"]>;
const cause = fc
  .tuple(
    fc.constantFrom("", "Handshake failed: no matching host key", "All authentication methods failed", "reset"),
    fc.record({
      level: fc.constantFrom(undefined, "handshake", "client-timeout", "client-authentication", "agent"),
      code: fc.constantFrom(undefined, "ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "ECONNRESET", 2),
    }),
  )
  .map(([message, fields]) => Object.assign(new Error(message), fields));

it("says in plain words why a host cannot be reached", () => {
  fc.assert(
    fc.property(hop, hop, cause, (at, to, error) => {
      const point = { host: "rs1", hop: at, timeoutMs: 1500, noKeyInCommon: () => undefined, loginFailed: () => gone };
      const gone = goneError("rs1");
      const all = [
        loginError(error, point),
        noAnswer(point),
        lostConnection("rs1", "reading", error),
        lostConnection("rs1", "reading", undefined),
        sessionRefused("rs1", error),
        forwardRefused("rs1", at, to, error),
      ];
      for (const one of all) expectPlain(one);
    }),
  );
});

it("says in plain words why a run cannot begin, go on or end", () => {
  const reasons = ["held", "busy", "changed", "no-lock", "no-timer", "no-room", "exposed"] as const;
  const pending = { id: "1", state: "armed" } as unknown as Parameters<typeof otherRunError>[1];
  const all = [
    ...reasons.map((why) =>
      refusedError("rs1", { result: "refused", why, output: "" } as Parameters<typeof refusedError>[1]),
    ),
    stepFailure("rs1", [], [], { output: "", step: 3 }),
    stepFailure("rs1", [], [], { output: "" } as Parameters<typeof stepFailure>[3]),
    otherRunError("rs1", pending),
    otherRunError("rs1", pending, "thing"),
    lostRunError("rs1", pending),
    lostRunError("rs1", { ...pending, damaged: ["record.json"] }),
  ];
  for (const one of all) expectPlain(one);
});

it("has a plain title for every code", () => {
  for (const { title } of Object.values(catalogue)) expect(title).toMatch(/^\S.*[^.\s]$/);
});
