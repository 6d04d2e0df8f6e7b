// `npm run check -- lock`: whether package-lock.json is that of package.json, and whether `npm ci` can install from it on every
// platform. npm leaves optional packages of other platforms out of a lock file that it makes from installed packages.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { root } from "./setup.mjs";

/** What npm copies from package.json into the lock file. */
const COPIED = [
  ...["name", "version", "bin", "engines"],
  ...["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"],
];

/** What is wrong with a lock file, in sentences. */
export function lockFaults(manifest, { packages }) {
  const own = packages[""] ?? {};
  return [
    ...COPIED.filter((key) => !isDeepStrictEqual(own[key], manifest[key])).map(
      (key) => `"${key}" in package.json differs from what package-lock.json has.`,
    ),
    ...Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(packages, path, name))
        .map((name) => `package-lock.json lacks ${name}, an optional package of ${path || "this one"}.`),
    ),
  ];
}

/** Whether Node would find a package from this path: in a `node_modules` of it, or of a folder around it. */
function isLocked(packages, path, name) {
  if (packages[`${path === "" ? "" : `${path}/`}node_modules/${name}`] !== undefined) return true;
  return path !== "" && isLocked(packages, path.slice(0, Math.max(0, path.lastIndexOf("/node_modules/"))), name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const read = (name) => JSON.parse(readFileSync(join(root, name), "utf8"));
  const faults = lockFaults(read("package.json"), read("package-lock.json"));
  for (const fault of faults) console.log(fault);
  if (faults.length > 0) console.log("To make it again: rm -r node_modules package-lock.json && npm install");
  process.exitCode = faults.length > 0 ? 1 : 0;
}
