/** How long a call waits for a host that says nothing, or never comes to an end. Its timers are the test's. */
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Conduit } from "../../src/transport/conduit.ts";
import type { Unlock } from "../../src/transport/script-call.ts";
import { shellTransport } from "../../src/transport/shell-transport.ts";
import type { CallOptions } from "../../src/transport/transport.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const reads = [{ name: "up", argv: ["cat", "/proc/uptime"] }];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A call to a host of which the test decides what it says. `ended` is undefined while the call goes on. */
function call({ options, unlock, opens = true }: { options?: CallOptions; unlock?: Unlock; opens?: boolean } = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let end = () => {};
  const ended = new Promise<{ status: number; signal: undefined }>((resolve) => {
    end = () => resolve({ status: 0, signal: undefined });
  });
  const conduit: Conduit = { stdin, stdout, stderr, ended, kill: () => end() };
  const open = () => (opens ? Promise.resolve(conduit) : new Promise<Conduit>(() => {}));
  const shell = { host: "rs1", open, close: async () => {}, ...(unlock && { unlock }) };
  const outcome: { ended?: unknown } = {};
  shellTransport(shell)
    .read(reads, options)
    .then(
      () => {
        outcome.ended = "done";
      },
      (error: unknown) => {
        outcome.ended = error;
      },
    );
  let script = "";
  stdin.on("data", (data: Buffer) => {
    script += data.toString();
  });
  return {
    outcome,
    passes: (ms: number) => vi.advanceTimersByTimeAsync(ms),
    says: (text: string) => stdout.write(text),
    complains: (text: string) => stderr.write(text),
    /** Says all that the script would make it say. */
    finishes: () => {
      const nonce = /@%s start %s\\n' (\w+)/.exec(script)?.[1] ?? "";
      stdout.write(`\n@${nonce} start 1\n\n@${nonce} begin up\n1 1\n\n@${nonce} end 0\n\n@${nonce} done\n`);
      end();
    },
  };
}

const tooLong = (message: string) => expect.objectContaining({ code: "LVS-CONNECT-019", message });

it("a host that says nothing is waited for for two minutes", async () => {
  const { outcome, passes } = call();
  await passes(2 * MINUTE - SECOND);
  expect(outcome).toEqual({});
  await passes(SECOND);
  expect(outcome.ended).toEqual(tooLong("rs1 has printed nothing for 120 s while reading up."));
});

it.each(["says", "complains"] as const)("a slow host that %s something now and then may finish", async (how) => {
  const host = call();
  for (let times = 0; times < 5; times += 1) {
    await host.passes(119 * SECOND);
    host[how]("\n");
  }
  host.finishes();
  await host.passes(0);
  expect(host.outcome).toEqual({ ended: "done" });
  host[how]("a program that it has left behind\n");
  await host.passes(0);
  expect(vi.getTimerCount()).toBe(0);
});

it("a host that goes on for ever is left after ten minutes", async () => {
  const { outcome, passes, says } = call();
  for (let times = 0; times < 10; times += 1) {
    expect(outcome).toEqual({});
    await passes(MINUTE);
    says(".");
  }
  expect(outcome.ended).toEqual(tooLong("rs1 has not finished reading up within 600 s."));
});

it("a host that gives no shell is left after ten minutes", async () => {
  const { outcome, passes } = call({ opens: false });
  await passes(10 * MINUTE - SECOND);
  expect(outcome).toEqual({});
  await passes(SECOND);
  expect(outcome.ended).toEqual(tooLong("rs1 has not finished reading up within 600 s."));
});

it("who types a password is not hurried, and what sudo says meanwhile is no answer", async () => {
  let typed = () => {};
  const typing = new Promise<void>((resolve) => {
    typed = resolve;
  });
  const host = call({ unlock: () => typing });
  host.complains("password: ");
  await host.passes(60 * MINUTE);
  expect(host.outcome).toEqual({});
  typed();
  await host.passes(119 * SECOND);
  expect(host.outcome).toEqual({});
  await host.passes(SECOND);
  expect(host.outcome.ended).toEqual(tooLong("rs1 has printed nothing for 120 s while reading up."));
});

it("who knows how long it takes says so, and then only that counts", async () => {
  const quiet = call({ options: { timeoutMs: 30 * MINUTE } });
  await quiet.passes(30 * MINUTE - SECOND);
  expect(quiet.outcome).toEqual({});
  await quiet.passes(SECOND);
  expect(quiet.outcome.ended).toEqual(tooLong("rs1 has not finished reading up within 1800 s."));
});
