// `npm run demo`: sets everything up, then shows the product's main job on examples/dr.yaml in the lab, from bare hosts back
// to bare hosts.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { needRoot, root, say, setUp } from "./setup.mjs";

const TOPOLOGY = "examples/dr.yaml";
const LAB_UP = ["lab", "up", TOPOLOGY];
const LAB_DOWN = ["lab", "down", TOPOLOGY];
const APPLY = ["apply", "--lab", "--yes", TOPOLOGY];
const LVSCTL = join(root, "bin/lvsctl.js");
const started = Date.now();

/** A call of lvsctl that did not end with 0; `output`: what it printed, unless that has been shown. */
class FailedCall extends Error {
  constructor(args, { status, signal }, output) {
    const end = status === null ? `was ended by ${signal}` : `ended with exit code ${status}`;
    super(`${commandLine("lvsctl", args)} ${end}.`);
    this.args = args;
    this.output = output;
  }
}

/** What was expected and is not so. */
const faults = [];

needRoot("npm run demo");
await setUp({ tests: false });
const failed = attempt(demonstrate);
chapter("Take the lab down");
const stillUp = attempt(() => lvsctl(...LAB_DOWN));
conclude();

function demonstrate() {
  chapter(
    "Bring up the lab: a firewall, a director, two real servers and a client, as hosts of their own on this machine",
  );
  lvsctl(...LAB_UP);

  chapter("What would change? Nothing is touched yet");
  lvsctl("plan", "--lab", TOPOLOGY);

  chapter("Apply it, and prove by requests from the client that it works");
  lvsctl(...APPLY);

  chapter("Requests to the firewall's public address alternate between rs1 and rs2");
  // A port that a request had in the last two minutes leads to the real server that this one had: IPVS remembers it.
  const curl = ["curl", "-sS", "--max-time", "5"];
  const pages = Array.from({ length: 6 }, (_, index) =>
    onHost("client", ...curl, "--local-port", String(20_001 + index), "http://10.0.2.1/"),
  );
  const names = pages.map((page) => page.split("\n")[0]);
  for (const name of names) console.log(`  curl http://10.0.2.1/   ${name}`);
  expect(
    new Set(names).size === 2 && names.every((name, index) => index < 2 || name === names[index - 2]),
    "answers alternate",
  );
  console.log(indent(onHost("dr", "ipvsadm", "-Ln")));

  chapter("A second apply changes nothing");
  lvsctl("apply", "--lab", "--yes", "-v", TOPOLOGY);
  expect(run(["plan", "--lab", "--detailed-exitcode", TOPOLOGY]).status === 0, "nothing is left to change");

  chapter("Destroy: everything goes, and what was replaced comes back");
  lvsctl("destroy", "--lab", "--yes", TOPOLOGY);

  chapter("Nothing is left on the hosts");
  for (const host of ["fw", "dr", "rs1", "rs2", "client"]) expectClean(host);
  expect(
    run(["destroy", "--lab", "--yes", TOPOLOGY]).output.includes("nothing to destroy"),
    "a second destroy finds nothing to do",
  );
  expect(
    onHost("client", "curl -sS --max-time 5 http://10.0.2.1/ 2>&1 || true").includes("curl:"),
    "nobody answers any more",
  );
}

/** The last words: what failed first, how to see it again, and what has become of the lab. */
function conclude() {
  const seconds = Math.round((Date.now() - started) / 1000);
  if (failed === undefined && stillUp === undefined && faults.length === 0) {
    say(`\nDone in ${seconds} s. Next: open ${TOPOLOGY}, change something, and try the same commands by hand.`);
    return;
  }
  process.exitCode = 1;
  say(`\nFailed after ${seconds} s.`);
  for (const fault of faults) say(`Not ok: ${fault}.`);
  if (failed !== undefined) tellFailed(failed);
  if (failed !== undefined || faults.length > 0) {
    say("To see it again, one command after the other:");
    for (const line of new Set([LAB_UP, failed?.args ?? APPLY].map(byHand))) say(`  ${line}`);
  }
  if (stillUp === undefined) return say("The lab has been taken down.");
  tellFailed(stillUp);
  say(`The lab may still be up. To take it down:\n  ${byHand([...LAB_DOWN, "--force"])}`);
}

function tellFailed({ message, output }) {
  say(message);
  say(output === undefined ? "What it printed is above." : `It printed:\n${indent(output)}`);
}

/** The first error in an action; undefined if there is none. */
function attempt(action) {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof FailedCall) return error;
    return { message: "A mistake in the demo itself:", output: error.stack };
  }
}

/** Looks for anything that lvsctl could have left on a host. */
function expectClean(host) {
  const script = [
    "ip addr show | grep 172.16.10.10 || true",
    "iptables-save | grep LVSCTL || true",
    "ipvsadm -Sn 2>/dev/null || true",
    "ls -d /var/lib/lvsctl 2>/dev/null || true",
    "grep -v 0 /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/all/arp_ignore /proc/sys/net/ipv4/conf/all/arp_announce || true",
    "ps -eo args | grep '[w]ww-80' || true",
  ].join("; ");
  const left = onHost(host, script).trim();
  expect(left === "", `${host} is clean${left === "" ? "" : `: ${left}`}`);
}

function onHost(host, ...argv) {
  const args = ["lab", "ssh", TOPOLOGY, host, "--", ...argv];
  const result = run(args);
  if (result.status !== 0) throw new FailedCall(args, result, result.output);
  return result.output;
}

/** Runs lvsctl as a person would, showing its output. */
function lvsctl(...args) {
  console.log(`$ ${commandLine("lvsctl", args)}`);
  const result = spawnSync(process.execPath, [LVSCTL, ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (result.status !== 0) throw new FailedCall(args, result);
}

/** Runs it for its output; what it writes to stderr is shown. */
function run(args) {
  const { status, signal, stdout } = spawnSync(process.execPath, [LVSCTL, ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 120_000,
  });
  return { status, signal, output: stdout };
}

function byHand(args) {
  return commandLine("sudo bin/lvsctl.js", args);
}

/** A command line to copy into a shell. */
function commandLine(program, args) {
  const quoted = args.map((arg) => (/^[\w./:=-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`));
  return [program, ...quoted].join(" ");
}

function expect(isTrue, what) {
  console.log(`  ${isTrue ? "ok" : "NOT OK"}  ${what}`);
  if (!isTrue) faults.push(what);
}

function chapter(title) {
  console.log(`\n── ${title}`);
}

function indent(text) {
  return text.trimEnd().replaceAll(/^/gm, "  ");
}
