// `npm run check`: all static checks. Each can also be run alone: npm run check -- types
import { spawnSync } from "node:child_process";
import { installNpmPackages, root } from "./setup.mjs";

const CHECKS = {
  generated: ["node", "scripts/generate.mjs", "--check"],
  types: ["npx", "tsc", "-p", "tsconfig.test.json"],
  format: ["npx", "biome", "check", "--error-on-warnings", "."],
  layers: ["npx", "depcruise", "--config", ".dependency-cruiser.cjs", "src"],
  dead: ["npx", "knip"],
};

installNpmPackages();
const wanted = process.argv.slice(2);
const results = Object.entries(CHECKS)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .map(([name, [program, ...args]]) => {
    const started = Date.now();
    const { status } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
    return { name, ok: status === 0, seconds: (Date.now() - started) / 1000 };
  });
for (const { name, ok, seconds } of results)
  console.log(`${ok ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
