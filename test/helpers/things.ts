import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import type { Change, ResourceKind, Step } from "../../src/resources/resource.ts";
import { command, type ShellCommand, sh } from "../../src/shell/quote.ts";
import type { NumberedStep } from "../../src/transaction/host-steps.ts";
import { fakeKind, thing } from "./fake-kind.ts";

const FOLDER = "/var/lib/things";

/** A kind whose things really exist on a host: files of FOLDER that contain their size. */
export const things: ResourceKind = fakeKind({
  read: () => [{ name: "thing", argv: ["grep", "-r", "", FOLDER] }],
  parse: (outputs) => {
    const lines = (outputs.get("thing")?.stdout ?? "").trim().split("\n");
    const found = lines.flatMap((line) => {
      const [, name, size] = /\/([^/]+):(\d+)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, thing(name, Number(size))] as const];
    });
    return { states: new Map(found), detail: undefined };
  },
  commands: (changes) => changes.map(stepFor),
});

export function change(key: string, before: number | undefined, after: number | undefined): Change {
  const state = (size: number | undefined) => (size === undefined ? undefined : thing(key, size));
  return { kind: "thing", key, before: state(before), after: state(after) };
}

/** Makes one thing, and undoes it. The thing `lasting` survives a restart. */
export function making(number: number, key: string): NumberedStep {
  const undo = [stepFor(change(key, 1, undefined))];
  return { number, step: stepFor(change(key, undefined, 1)), undo, outlivesRestart: key === "lasting" };
}

/**
 * A step that makes a change. It fails if the thing is not in its previous state. `broken` cannot be made, `hanging` never
 * ends.
 */
export function stepFor(made: Change): Step {
  const file = `${FOLDER}/${made.key}`;
  const size = String(made.after?.["size"] ?? "");
  const before = made.before ? sh`[ -e ${file} ]` : sh`[ ! -e ${file} ]`;
  const work = made.after ? sh`mkdir -p ${FOLDER}; echo ${size} >${file}` : command("rm", file);
  const wrong = {
    broken: sh`echo 'out of order' >&2; false`,
    hanging: sh`mkdir -p ${FOLDER}; echo ${size} >${file}; sleep 36000`,
  }[made.key];
  const right = `${before} || { echo 'not so' >&2; false; }\n${work}` as ShellCommand;
  return { makes: [made], script: made.after && wrong ? wrong : right };
}

export function entryOf(key: string): LedgerEntry {
  return { kind: "thing", key, stage: "publish", state: thing(key, 1), original: null };
}
