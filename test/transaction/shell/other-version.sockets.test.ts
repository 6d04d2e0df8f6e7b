/** A run that another version of lvsctl has left on a host, whose files may mean something else. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseLedger } from "../../../src/ledger/ledger.ts";
import { confirmPending, rollBackPending } from "../../../src/transaction/end-pending.ts";
import { ArmedRoot } from "../../helpers/armed-root.ts";
import { history } from "../../helpers/formats.ts";

const FILES = new URL("../../fixtures/history/files.txt", import.meta.url);

let host: ArmedRoot;

beforeEach(() => {
  host = ArmedRoot.ofThings();
});
afterEach(() => host.close());

describe.each([
  ["an older", "lvsctl.transaction/2", "older"],
  ["a newer", "lvsctl.transaction/77", "newer"],
])("a run of %s version", (_name, format, age) => {
  it("is left alone, and ends by its own script", async () => {
    const { answer } = await host.arm({}, (script) => script.replace(/lvsctl\.transaction\/\d+/, format));
    expect(answer).toBe("armed");
    await host.make();
    const [traces, made] = [await host.traces(), await host.made()];
    for (const end of [rollBackPending, confirmPending]) {
      const [failure, ...others] = await end([await host.read()], host.limits);
      expect(others).toEqual([]);
      expect(failure?.code).toBe("LVS-LOCK-008");
      expect(failure?.message).toContain(`${age} than this one`);
      expect(failure?.details.hint).toContain("sh /var/lib/lvsctl/.transaction/transaction.sh undo");
    }
    expect([await host.traces(), await host.made()]).toEqual([traces, made]);
    expect((await host.tell("undo")).status).toBe(0);
    expect(await host.made()).toBe("");
    expect(await host.pending()).toBeUndefined();
  });
});

it("begins beside ledgers of every format, and leaves them as they are", async () => {
  for (const { name, ledger: text } of history()) {
    const path = "/var/lib/lvsctl/field/ledger.json";
    const encoded = Buffer.from(text).toString("base64");
    await host.run(`mkdir -p /var/lib/lvsctl/field; echo ${encoded} | base64 -d >${path}`);
    const { answer } = await host.arm({ others: [parseLedger(text, "field", "rs1")] });
    expect([name, answer]).toEqual([name, "armed"]);
    expect((await host.tell("undo")).status).toBe(0);
    expect((await host.run(`cat ${path}`)).stdout).toBe(text);
  }
});

// If this fails, another lvsctl may not understand the files of a run: see FORMAT in src/ledger/pending.ts. UPDATE_GOLDEN=1
// writes the list again.
it("has the files that its format says", async () => {
  await host.arm();
  await host.make([0]);
  const names = "cd / && find var/lib/lvsctl/.transaction run/lvsctl run/lvsctl.lock ! -name stage | LC_ALL=C sort";
  const { stdout: found } = await host.run(`${names}\nhead -n 1 run/lvsctl/progress/* | sed "s/ *$//"`);
  const [, format = ""] = /"format":"([^"]+)"/.exec(history().at(-1)?.record ?? "") ?? [];
  const text = `${format}\n${found}`;
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(FILES, text);
  expect(text).toBe(readFileSync(FILES, "utf8"));
});
