// `npm run test:slow`: runs `npm test` as on a machine that is 2.5 times slower. A control group limits all of it, the labs'
// kernels included, to 40 % of the processors, and is removed at the end. LVSCTL_SLOW_PERCENT sets another share, for other
// machines.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { needRoot, root, say } from "./setup.mjs";

const PERIOD_US = 100_000;
const PERCENT = Number(process.env.LVSCTL_SLOW_PERCENT ?? 40);

needRoot("npm run test:slow");
const quota = Math.round((PERCENT / 100) * availableParallelism() * PERIOD_US);
const { top, limits } = existsSync("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")
  ? { top: "/sys/fs/cgroup/cpu", limits: { "cpu.cfs_period_us": PERIOD_US, "cpu.cfs_quota_us": quota } }
  : { top: "/sys/fs/cgroup", limits: { "cpu.max": `${quota} ${PERIOD_US}` } };
if (existsSync(join(top, "cgroup.subtree_control"))) writeFileSync(join(top, "cgroup.subtree_control"), "+cpu");
const group = join(top, `lvsctl-slow-${process.pid}`);
mkdirSync(group);
try {
  for (const [file, value] of Object.entries(limits)) writeFileSync(join(group, file), String(value));
  writeFileSync(join(group, "cgroup.procs"), String(process.pid));
  say(`Running npm test with ${PERCENT} % of ${availableParallelism()} processors.`);
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [join(root, "scripts/test.mjs"), ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
  });
  say(`It took ${((performance.now() - started) / 60_000).toFixed(1)} minutes. ${throttling()}`);
  process.exitCode = status ?? 1;
} finally {
  writeFileSync(join(top, "cgroup.procs"), String(process.pid));
  rmdirSync(group);
}

/** What the kernel reports about how often the group was throttled. */
function throttling() {
  const [, waited] = /^nr_throttled (\d+)/m.exec(readFileSync(join(group, "cpu.stat"), "utf8")) ?? [];
  return `It had to wait in ${waited} periods of ${PERIOD_US / 1_000} ms.`;
}
