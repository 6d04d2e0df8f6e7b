// `npm test`: all set-up, then every test: unit, sockets and lab. Ends with a plain line `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { needRoot, root, say, setUp } from "./setup.mjs";

needRoot("npm test");
setUp({ tests: true });
say("Running every test.");
const { status } = spawnSync(
  process.execPath,
  [join(root, "node_modules/vitest/vitest.mjs"), "run", ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  },
);
process.exitCode = status ?? 1;
