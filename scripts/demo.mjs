// `npm run demo`: sets everything up, then shows the product's main job on examples/dr.yaml in the lab, from bare hosts back
// to bare hosts.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { needRoot, root, say, setUp } from "./setup.mjs";

const TOPOLOGY = "examples/dr.yaml";
const LVSCTL = join(root, "bin/lvsctl.js");
const started = Date.now();

needRoot("npm run demo");
await setUp({ tests: false });
try {
  chapter(
    "Bring up the lab: a firewall, a director, two real servers and a client, as hosts of their own on this machine",
  );
  lvsctl("lab", "up", TOPOLOGY);

  chapter("What would change? Nothing is touched yet");
  lvsctl("plan", "--lab", TOPOLOGY);

  chapter("Apply it, and prove by requests from the client that it works");
  lvsctl("apply", "--lab", "--yes", TOPOLOGY);

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
} finally {
  chapter("Take the lab down");
  lvsctl("lab", "down", TOPOLOGY);
}
say(
  `\nDone in ${Math.round((Date.now() - started) / 1000)} s. Next: open ${TOPOLOGY}, change something, and try the same commands by hand.`,
);

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
  const { status, output } = run(["lab", "ssh", TOPOLOGY, host, "--", ...argv]);
  if (status !== 0) throw new Error(`${argv.join(" ")} on ${host} ended with ${status}: ${output}`);
  return output;
}

/** Runs lvsctl as a person would, showing its output. */
function lvsctl(...args) {
  console.log(`$ lvsctl ${args.join(" ")}`);
  const { status } = spawnSync(process.execPath, [LVSCTL, ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`lvsctl ${args.join(" ")} ended with ${status}`);
}

function run(args) {
  const { status, stdout } = spawnSync(process.execPath, [LVSCTL, ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 120_000,
  });
  return { status, output: stdout };
}

function expect(isTrue, what) {
  console.log(`  ${isTrue ? "ok" : "NOT OK"}  ${what}`);
  if (!isTrue) process.exitCode = 1;
}

function chapter(title) {
  console.log(`\n── ${title}`);
}

function indent(text) {
  return text.trimEnd().replaceAll(/^/gm, "  ");
}
