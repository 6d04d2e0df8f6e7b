// `npm run bench`: speed as ratios within one run. Without arguments it measures what needs no host; `npm run bench -- --lab`
// also compares plan and apply with OpenSSH running the same read script on the same hosts (needs root; brings up a lab).
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./setup.mjs";

const lvsctl = (...args) => [process.execPath, join(root, "bin/lvsctl.js"), ...args];
const folder = mkdtempSync(join(tmpdir(), "lvsctl-bench-"));
try {
  await start();
  await validation();
  await planning();
  if (process.argv.includes("--lab")) await hosts();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function start() {
  const [version, empty] = await inTurn(
    15,
    () => timed(lvsctl("--version")),
    () => timed([process.execPath, "-e", "0"]),
  );
  line("lvsctl --version", version, "node -e 0", empty, 2);
}

async function validation() {
  const files = [1000, 2000].map((count) => {
    const file = join(folder, `${count}.yaml`);
    writeFileSync(file, largeTopology(count, 10));
    return file;
  });
  const [once, twice] = await inTurn(5, ...files.map((file) => () => timed(lvsctl("validate", file))));
  console.log(`validate, 1,000 real servers × 10 services: ${once.toFixed(2)} s`);
  line("validate of twice the input", twice, "once", once, 2.2);
  const lists = [2, 4].map((count) => {
    const file = join(folder, `${count}-lists.yaml`);
    writeFileSync(file, listedTopology(count));
    return file;
  });
  const [few, many] = await inTurn(5, ...lists.map((file) => () => timed(lvsctl("validate", file))));
  console.log(`validate, 2 services × 64 addresses × 32 ports: ${few.toFixed(2)} s`);
  line("validate of 4 such services", many, "of 2", few, 2.2);
}

/** The first plan of a director that gets thousands of netfilter rules. */
async function planning() {
  const { loadAndCompile } = await import("../dist/app/load.js");
  const { bareHost } = await import("../dist/plan/bare-host.js");
  const { makePlan } = await import("../dist/plan/make-plan.js");
  const { kinds } = await import("../dist/resources/kinds.js");
  const plans = [];
  for (const count of [5, 10]) {
    const file = join(folder, `${count}-rules.yaml`);
    // On ports of their own: services on the same one share their rules.
    let port = 8000;
    const text = largeTopology(400, count)
      .replaceAll("mode: dr,", "mode: nat, masquerade: true,")
      .replaceAll("port: 80,", () => `port: ${port++},`);
    writeFileSync(file, text);
    const { desired } = await loadAndCompile(file);
    plans.push(() => {
      const started = performance.now();
      makePlan(desired, new Map([["lb", bareHost("lb", kinds)]]), kinds);
      return seconds(started);
    });
  }
  const [once, twice] = await inTurn(9, ...plans);
  console.log(`first plan of NAT, 400 real servers × 5 services: ${once.toFixed(2)} s`);
  line("plan of twice the rules", twice, "once", once, 2.5);
}

/** The baseline: OpenSSH to all hosts in parallel, one exec each, with the same read script that a plan sends. */
async function hosts() {
  const file = join(folder, "topology.yaml");
  const text = readFileSync(join(root, "examples/dr.yaml"), "utf8").replace(/^name: .*$/m, "name: bench");
  writeFileSync(file, text);
  must(lvsctl("lab", "up", file));
  try {
    await compare(file, "");
    for (const host of ["fw", "dr", "rs1", "rs2", "client"]) {
      must([
        "ssh",
        "-F",
        "/run/lvsctl-lab/bench/ssh_config",
        host,
        "modprobe sch_netem; tc qdisc add dev mgmt root netem delay 50ms",
      ]);
    }
    await compare(file, ", 50 ms of delay");
  } finally {
    must(lvsctl("lab", "down", "bench"));
  }
}

async function compare(file, condition) {
  const { formatReadScript } = await import("../dist/shell/read-script.js");
  const { loadAndCompile } = await import("../dist/app/load.js");
  const { readCommands } = await import("../dist/transaction/shell/observe.js");
  const { kinds } = await import("../dist/resources/kinds.js");
  const { topology, desired } = await loadAndCompile(file);
  const scripts = [...desired.hosts].map(([host, resources]) => {
    const commands = readCommands(resources, { topology: topology.name, host }, kinds);
    return [host, formatReadScript(commands, "benchbenchbench0")];
  });
  const floor = () => {
    const started = performance.now();
    return Promise.all(scripts.map(([host, script]) => ssh(host, script))).then(() => seconds(started));
  };
  const fresh = async () => {
    must(lvsctl("destroy", "--lab", "--yes", file));
    return timed(lvsctl("apply", "--lab", "--yes", "--no-verify", file));
  };
  const [first, floorA] = await inTurn(3, fresh, floor);
  line(`fresh apply${condition}`, first, "floor", floorA, 3);
  const [plan, floorB] = await inTurn(5, async () => timed(lvsctl("plan", "--lab", file)), floor);
  line(`plan without changes${condition}`, plan, "floor", floorB, condition === "" ? 1.3 : 1.2);
}

function ssh(host, script) {
  return new Promise((resolve, reject) => {
    const child = spawn("ssh", ["-F", "/run/lvsctl-lab/bench/ssh_config", host, "sh -s"], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    child.once("error", reject);
    child.once("close", (status) => (status === 0 ? resolve() : reject(new Error(`ssh ${host} ended with ${status}`))));
    child.stdin.end(script);
  });
}

/** The medians in seconds of several measurements, taken in turn so that fluctuations of the machine affect all of them. */
async function inTurn(rounds, ...measures) {
  const results = measures.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, measure] of measures.entries()) results[index].push(await measure());
  }
  return results.map(median);
}

function timed(argv) {
  const started = performance.now();
  must(argv);
  return seconds(started);
}

function must([program, ...args]) {
  const { status, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error || status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${error ?? stderr}`);
}

function seconds(started) {
  return (performance.now() - started) / 1000;
}

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

function line(what, value, reference, base, goal) {
  const ratio = value / base;
  console.log(
    `${what}: ${value.toFixed(3)} s = ${ratio.toFixed(2)} × ${reference} (${base.toFixed(3)} s); goal ≤ ${goal} ×${ratio > goal ? "  MISSED" : ""}`,
  );
}

function listedTopology(services) {
  const ports = Array.from({ length: 32 }, (_, index) => 1000 + index).join(", ");
  const all = Array.from({ length: services }, (_, service) => {
    const vips = Array.from({ length: 64 }, (_, index) => `10.0.${1 + service}.${1 + index}`).join(", ");
    return `  s${service}: { mode: dr, vips: [${vips}], ports: [${ports}] }`;
  });
  return [
    "version: 1",
    "name: lists",
    "hosts:",
    "  lb: { role: director, interfaces: { eth0: 10.0.0.2/16 } }",
    "  rs1: { role: real-server, interfaces: { eth0: 10.0.0.11/16 } }",
    "  client: { role: client, interfaces: { eth0: 10.0.0.7/16 } }",
    "services:",
    ...all,
    "",
  ].join("\n");
}

function largeTopology(realServers, services) {
  const hosts = Array.from(
    { length: realServers },
    (_, rs) =>
      `  rs${rs}: { role: real-server, interfaces: { eth0: 10.0.${1 + (rs >> 7)}.${1 + (rs & 127)}/16 }, gateway: 10.0.0.1 }`,
  );
  const all = Array.from(
    { length: services },
    (_, index) => `  s${index}: { mode: dr, vip: 10.0.0.${10 + index}, port: 80, scheduler: rr }`,
  );
  return [
    "version: 1",
    "name: large",
    "hosts:",
    "  fw: { role: firewall, interfaces: { eth0: 198.51.100.1/24, eth1: 10.0.0.1/16 } }",
    "  lb: { role: director, interfaces: { eth0: 10.0.0.2/16 }, gateway: 10.0.0.1 }",
    "  client: { role: client, interfaces: { eth0: 198.51.100.9/24 }, gateway: 198.51.100.1 }",
    ...hosts,
    "services:",
    ...all,
    "",
  ].join("\n");
}
