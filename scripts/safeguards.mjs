// `npm run test:safeguards`: removes the engine's safeguards one at a time, in a copy, and sees which fast test notices. A
// safeguard without a test, or an edit that no longer fits the code, is a failure. Prints the table of
// docs/testing-the-engine.md; with words as arguments, only the safeguards whose names contain one of them.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./setup.mjs";

const ENGINE = ["unit", "test/transaction/engine"];
const CONTRACT = ["sockets", "test/transaction/run-host"];
const UNIT_DRAIN = ["unit", "test/transaction/drain"];

/** What is removed: in `file`, `from` becomes `to`. `prevents`: what happens without it. */
const SAFEGUARDS = [
  {
    name: "hosts are told that lvsctl is there while they wait",
    prevents: "a long stage or drain elsewhere makes them roll the run back",
    tests: ENGINE,
    edits: [["run-plan.ts", "const stopRenewing = run.keepRenewing();", "const stopRenewing = () => {};"]],
  },
  {
    name: "every host is logged in to again before the first is confirmed",
    prevents: "a run that has cut a login off, or whose host was restarted, is confirmed",
    tests: ENGINE,
    edits: [["run.ts", "return onAll(this.hosts.values(), (host) => host.prepare());", "return [];"]],
  },
  {
    name: "no host is confirmed before all have been prepared",
    prevents: "some hosts are confirmed and others rolled back",
    tests: ENGINE,
    edits: [
      ["run.ts", "return onAll(this.hosts.values(), (host) => host.prepare());", "return [];"],
      [
        "run.ts",
        "      host.confirm(this.ledgerAfter(",
        "      host.prepare().then(() => host.confirm(this.ledgerAfter(",
      ],
      ["run.ts", "this.realChangesOn(host.host)),\n    );", "this.realChangesOn(host.host))),\n    );"],
    ],
  },
  {
    name: "a confirmation that was lost is tried again",
    prevents: "some hosts are confirmed and others roll the run back",
    tests: ENGINE,
    edits: [
      [
        "run.ts",
        "return patientlyOnAll(this.hosts.values(), this.options, (host) =>\n      host.confirm(",
        "return onAll(this.hosts.values(), (host) =>\n      host.confirm(",
      ],
    ],
  },
  {
    name: "a host that has no run any more is asked whether it was confirmed",
    prevents: "a confirmation whose answer was lost is called a rollback",
    tests: ENGINE,
    edits: [["armed-host.ts", "(await this.hasEnded(after, changes))", "false"]],
  },
  {
    name: "an interrupt is heard until the first confirmation",
    prevents: "what somebody wanted to stop is kept",
    tests: ENGINE,
    edits: [
      [
        "run-plan.ts",
        "if (verdict === true && failures.length === 0 && !isAborted()) {",
        "if (verdict === true && failures.length === 0) {",
      ],
    ],
  },
  {
    name: "a host that is away is waited for",
    prevents: "lvsctl leaves a host that comes back in time to its timer",
    tests: ENGINE,
    edits: [["side-by-side.ts", "await machine.clock.sleep(RETRY_MS);", "throw failure;"]],
  },
  {
    name: "a connection that breaks while nothing is asked is made again",
    prevents: "a host that can be reached rolls the run back",
    tests: ENGINE,
    edits: [
      ["armed-host.ts", "&& this.works === 0) await this.at.abandon();", "&& this.works < 0) await this.at.abandon();"],
    ],
  },
  {
    name: "the newest changes are rolled back first",
    prevents: "something is removed before what depends on it",
    tests: ENGINE,
    edits: [["run.ts", "for (const phase of [...this.begun].reverse()) {", "for (const phase of this.begun) {"]],
  },
  {
    name: "the host itself rolls back what broke off",
    prevents: "the run stays pending, with a step half made",
    tests: ENGINE,
    edits: [["run.ts", "note(await onAll([...this.hosts.values()].filter(isFinished), (host) => host.undo()));", ""]],
  },
  {
    name: "a host whose arming was not answered is told to forget it",
    prevents: "it stays locked until its timer ends",
    tests: ENGINE,
    edits: [["run.ts", "if (!isLost(asFailure(thrown, host.host))) refused.add(host);", "refused.add(host);"]],
  },
  {
    name: "a host that moves says itself which steps it has done",
    prevents: "a run goes on after a stage that never happened",
    tests: ENGINE,
    edits: [["armed-host.ts", "if (!(await this.isDone(steps))) throw error;", "await this.isDone([]);"]],
  },
  {
    name: "real servers are drained before anything is removed",
    prevents: "open connections are cut off",
    tests: UNIT_DRAIN,
    edits: [["drain-phase.ts", "return [...phases.slice(0, at), {", "return [...phases, {"]],
  },
  {
    name: "a run that is under way is stopped before it is rolled back",
    prevents: "steps that are made meanwhile stay",
    tests: ENGINE,
    edits: [["end-pending.ts", 'if (pending.state === "live") await host.stop();', ""]],
  },
  {
    name: "a host whose answer was lost is stopped before it is compared",
    prevents: "what it makes after the connection has broken stays, and is called rolled back",
    tests: ENGINE,
    edits: [["armed-host.ts", "if (!this.mayBeAtWork) return;", "return;"]],
  },
  {
    name: "only what was made on every host can be confirmed",
    prevents: "half a run is kept",
    tests: ENGINE,
    edits: [["end-pending.ts", "if (size >= pending.record.steps) return;", "if (size >= 0) return;"]],
  },
  {
    name: "what --no-rollback keeps is accounted for as it is",
    prevents: "destroy leaves what a later step was to change",
    tests: ENGINE,
    edits: [["run.ts", "filter((change) => !unmade.has(change))", "filter((change) => unmade.size >= 0 || change)"]],
  },
  {
    name: "verification that cannot be made is a run that is not good (--atomic)",
    prevents: "hosts stay armed, and nobody says so",
    tests: ENGINE,
    edits: [["run-plan.ts", "    return [asFailure(error)];", "    throw error;"]],
  },
  {
    name: "one run at a time on a host (lock check when it is armed)",
    prevents: "two runs mix",
    tests: CONTRACT,
    edits: [["shell/arm-script.ts", 'if [ -e "$T/id" ] || [ -e "$T/confirmed" ]; then say held; exit 1; fi', ":"]],
  },
  {
    name: "a host is armed only as it was read (ledgers compared)",
    prevents: "a plan that is out of date is carried out",
    tests: CONTRACT,
    edits: [["shell/arm-script.ts", "|| { say changed; exit 1; }", "|| :"]],
  },
  {
    name: "a step is noted before it begins",
    prevents: "the host does not take back a step that broke off",
    tests: ["sockets", "test/transaction/shell/stage-script"],
    edits: [["shell/stage-script.ts", "[[`note_progress ${number} begun`], [", "[[], ["]],
  },
  {
    name: "a step is noted when it is done",
    prevents: "the host need not succeed in taking it back",
    tests: CONTRACT,
    edits: [["shell/stage-script.ts", "[`note_progress ${number} done`]]", "[]]"]],
  },
  {
    name: "the host undoes the last step first",
    prevents: "something is removed before what depends on it",
    tests: CONTRACT,
    edits: [["shell/host-script.ts", "[...steps].reverse().flatMap(", "[...steps].flatMap("]],
  },
  {
    name: "the ledger changes with the confirmation and not before",
    prevents: "a run that is rolled back is accounted for",
    tests: CONTRACT,
    edits: [
      [
        "shell/arm-script.ts",
        '${formatLedger(after)} >"$N/ledger.next"',
        "${formatLedger(after)} >${ledgerPath(topology)}",
      ],
    ],
  },
  {
    name: "a run does not go on after a restart of the host",
    prevents: "what the restart took is confirmed as made",
    tests: CONTRACT,
    edits: [
      ["shell/host-script.ts", "is_wanted || exit ${GONE}; is_running || exit 1; mv", "is_wanted || exit ${GONE}; mv"],
    ],
  },
  {
    name: "a host ends only the run that is meant",
    prevents: "the way back of an old run rolls back a new one",
    tests: CONTRACT,
    edits: [["shell/host-script.ts", " || exit ${GONE} # It was meant for another run.", " || :"]],
  },
];

const wanted = process.argv.slice(2);
const chosen = SAFEGUARDS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const folder = mkdtempSync(join(tmpdir(), "lvsctl-safeguards-"));
let failures = 0;
try {
  for (const name of [
    "src",
    "test",
    "schemas",
    "playbooks",
    "examples",
    "package.json",
    "tsconfig.json",
    "vitest.config.ts",
  ])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  console.log("| safeguard | without it | test that notices |\n|---|---|---|");
  for (const safeguard of chosen) {
    const noticed = withoutIt(safeguard);
    if (noticed === undefined) failures += 1;
    console.log(`| ${safeguard.name} | ${safeguard.prevents} | ${noticed ?? "NONE"} |`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${chosen.length - failures} safeguards are tested, ${failures} are not.`);
process.exitCode = failures === 0 ? 0 : 1;

/** The first test that fails without a safeguard; undefined if none does. */
function withoutIt({ name, edits, tests: [project, path] }) {
  const originals = new Map();
  for (const [file, from, to] of edits) {
    const place = join(folder, "src/transaction", file);
    const text = readFileSync(place, "utf8");
    if (text.split(from).length !== 2) throw new Error(`"${name}": ${file} does not have this once: ${from}`);
    if (!originals.has(place)) originals.set(place, text);
    writeFileSync(
      place,
      text.replace(from, () => to),
    );
  }
  const report = join(folder, "report.json");
  const args = ["run", "--project", project, path, "--bail=1", "--reporter=json", `--outputFile=${report}`];
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  spawnSync(process.execPath, [vitest, ...args], {
    cwd: folder,
    stdio: "ignore",
    env: { ...process.env, LVSCTL_LONG: "" },
  });
  for (const [place, text] of originals) writeFileSync(place, text);
  const { testResults, numTotalTests } = JSON.parse(readFileSync(report, "utf8"));
  rmSync(report);
  if (numTotalTests === 0) throw new Error(`"${name}": no test was run`);
  for (const { name: file, assertionResults } of testResults) {
    const failed = assertionResults.find(({ status }) => status === "failed");
    if (failed) return `${file.replace(`${folder}/test/`, "")}: ${failed.fullName}`;
  }
  return undefined;
}
