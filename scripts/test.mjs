// `npm test`: sets everything up, then runs the tests: unit, sockets and lab; with LVSCTL_LONG=1 also the long ones. Ends with
// a plain line `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { needRoot, root, say, setUp } from "./setup.mjs";

needRoot("npm test");
await setUp({ tests: true });
say(process.env.LVSCTL_LONG === "1" ? "Running every test." : "Running the tests; npm run test:long has more of them.");
const args = process.argv.slice(2);
const { status } = spawnSync(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", ...args], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
});
process.exitCode = status ?? 1;
