/** A host that prints without end while sudo is waited for. */
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { collectOutput } from "../../src/transport/collect-output.ts";
import { sudo } from "../../src/transport/sudo.ts";

const MiB = 1024 * 1024;
const options = {
  host: "h",
  user: "u",
  askSecret: async () => "pw",
  loginPassword: undefined,
  nonce: "0123456789abcdef",
};

function begin() {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const printed = collectOutput({ stdout, stderr }, () => {});
  const conduit = { stdin, stdout, stderr, ended: new Promise<never>(() => {}), kill: () => {} };
  return { stdin, stdout, stderr, unlocked: sudo(options).unlock(conduit, printed) };
}

it("is looked through once, however much it prints", async () => {
  const { stdin, stdout, stderr, unlocked } = begin();
  const chunk = Buffer.alloc(MiB / 32, "x");
  for (let chunks = 0; chunks < 48 * 32; chunks += 1) stdout.write(chunk);
  stderr.write(`@${options.nonce} password`);
  stdin.once("data", () => stdout.write(`\n@${options.nonce} root\n`));
  await unlocked; // It took minutes when all was looked through for each piece.
}, 30_000);

it("is answered when the words come in pieces", async () => {
  const { stdin, stdout, stderr, unlocked } = begin();
  for (const letter of `noise @${options.nonce} password`) stderr.write(letter);
  const sent = new Promise<string>((resolve) => stdin.once("data", (data: Buffer) => resolve(data.toString())));
  expect(await sent).toBe("pw\n");
  for (const letter of `noise\n@${options.nonce} root\n`) stdout.write(letter);
  await unlocked;
});
