// `npm run check`: all static checks. Each can also be run alone: npm run check -- types
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { installNpmPackages, root } from "./setup.mjs";

const CHECKS = {
  lock: ["node", "scripts/lock.mjs"],
  generated: ["node", "scripts/generate.mjs"],
  types: ["npx", "tsc", "-p", "tsconfig.test.json"],
  format: ["npx", "biome", "check", "--error-on-warnings", "."],
  layers: ["npx", "depcruise", "--config", ".dependency-cruiser.cjs", "src"],
  dead: ["npx", "knip"],
  docs: ["node", "scripts/docs.mjs"],
  words: ["node", "scripts/words.mjs"],
};

installNpmPackages();
const wanted = process.argv.slice(2);
const results = Object.entries(CHECKS)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .map(([name, [program, ...args]]) => {
    const started = Date.now();
    const before = name === "generated" ? generatedText() : "";
    const { status } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
    const isSame = name !== "generated" || generatedText() === before;
    if (!isSame) console.log("Generated files were out of date; they have been made again. Commit them.");
    return { name, ok: status === 0 && isSame, seconds: (Date.now() - started) / 1000 };
  });
for (const { name, ok, seconds } of results)
  console.log(`${ok ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

/** All generated files as one text, to see whether generating changes any. */
function generatedText() {
  return ["src/topology/generated", "src/playbook/generated", "schemas", "docs"]
    .map((folder) => join(root, folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => `${name}\n${readFileSync(join(parentPath, name), "utf8")}`),
    )
    .join("\n");
}
