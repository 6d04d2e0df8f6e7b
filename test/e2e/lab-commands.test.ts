/** `lvsctl lab` as people use it: again from the file as it is now, a list, down while a run is under way, and all of them down. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runProcess } from "../../src/transport/process.ts";

const program = fileURLToPath(new URL("../../bin/lvsctl.js", import.meta.url));
let folder: string;

/** Its labs are its own: `lab down --all` would end those of other tests. */
const PRIVATE = `set -u
mount -t tmpfs tmpfs /run
cd "$0"
trap 'node ${program} lab down --all --force >/dev/null 2>&1' EXIT
step() { # name, arguments: prints what lvsctl says, and its exit status
  echo "== $1"; shift
  node ${program} "$@" </dev/null 2>&1
  echo "exit $?"
}
step up-a lab up a.yaml
step up-b lab up b.yaml
step list lab list
step grown plan --lab grown.yaml
step grown-status lab status grown.yaml
node ${program} apply --lab --yes --no-verify --confirm-timeout 36000 a.yaml </dev/null >run.log 2>&1 &
run=$!
until grep -q 'stage 1 of' run.log; do kill -0 $run || break; sleep 0.05; done
kill -STOP $run
step down-refused lab down a.yaml
step all-refused lab down --all
step recreate-refused lab up --recreate grown.yaml
step recreated lab up --recreate --force grown.yaml
kill -KILL $run
step address lab ssh grown.yaml rs1 ip -4 -o address show dev eth1
step planned plan --lab grown.yaml
step up-b-again lab up b.yaml
step down-b lab down b.yaml
step down-b-again lab down b.yaml
step all lab down --all
step none lab list
`;

const topology = (name: string, interfaces: string) => `version: 1
name: ${name}
hosts:
  lb: { role: director, interfaces: { eth0: 10.0.0.2/24 } }
  rs1: { role: real-server, interfaces: { ${interfaces} } }
  client: { role: client, interfaces: { eth0: 10.0.0.50/24 } }
services:
  web: { mode: dr, vip: 10.0.0.100, port: 80, testPage: true }
`;

/** Sentences that were broken for 80 columns. */
const unfolded = (text: string) => text.replaceAll(/\n {2,}(?=\S)/g, " ");

let said: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
  writeFileSync(join(folder, "a.yaml"), topology("commands-a", "eth0: 10.0.0.11/24"));
  writeFileSync(join(folder, "b.yaml"), topology("commands-b", "eth0: 10.0.0.11/24"));
  writeFileSync(join(folder, "grown.yaml"), topology("commands-a", "eth0: 10.0.0.11/24, eth1: 10.9.9.9/24"));
  const { stdout } = await runProcess(["unshare", "--mount", "sh", "-c", PRIVATE, folder]);
  const steps = stdout.split(/^== /m).slice(1);
  said = new Map(steps.map((text) => [/^.*/.exec(text)?.[0] ?? "", unfolded(text.slice(text.indexOf("\n") + 1))]));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ["up-a", 0, /Lab commands-a is up: lb, rs1, client\./],
  ["up-b", 0, /Lab commands-b is up/],
  ["list", 0, /^NAME .*\ncommands-a .*\ncommands-b .*\n/],
  ["grown", 1, /LVS-LAB-005.*rs1 has no interface eth1.*lvsctl lab up --recreate grown\.yaml/s],
  ["grown-status", 0, /It no longer fits the file: rs1 has no interface eth1\./],
  ["down-refused", 6, /LVS-LAB-009/],
  ["all-refused", 6, /LVS-LAB-009/],
  ["recreate-refused", 6, /LVS-LAB-009/],
  ["recreated", 0, /Lab commands-a is up/],
  ["address", 0, /10\.9\.9\.9\/24/],
  ["planned", 0, /to create/],
  ["up-b-again", 0, /Lab commands-b was up already/],
  ["down-b", 0, /Lab commands-b is down/],
  ["down-b-again", 0, /There is no lab commands-b/],
  ["all", 0, /Lab commands-a is down/],
  ["none", 0, /^No lab is up\.\n/],
] as const)("%s ends with %i", (step, status, text) => {
  expect(said.get(step)).toMatch(text);
  expect(said.get(step)).toMatch(new RegExp(`\\nexit ${status}\\n$`));
});
