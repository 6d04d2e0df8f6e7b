// Builds dist/ from src/: compiles TypeScript, and copies what the compiler leaves out (shell scripts, generated validators).
// Then it writes man/lvsctl.1 from the table of commands.
// It builds in a separate folder and swaps that in as a whole, so a failed build keeps the last one, and running programs are
// not disturbed.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { manPage } from "./man-page.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src");
const compiler = join(root, "node_modules/typescript/bin/tsc");
if (!existsSync(compiler)) {
  console.error("Building needs the npm packages, and they are not installed. Run first: npm ci");
  process.exit(1);
}
const aside = mkdtempSync(join(root, "dist-"));
const COPIED = new Set([".sh", ".cjs", ".mjs", ".json"]);

try {
  const built = join(aside, "new");
  execFileSync(process.execPath, [compiler, "-p", root, "--outDir", built], { stdio: "inherit" });
  copyTheRest(built);
  if (existsSync(join(root, "dist"))) renameSync(join(root, "dist"), join(aside, "old"));
  renameSync(built, join(root, "dist"));
} finally {
  rmSync(aside, { recursive: true, force: true });
}
await writeManPage();

async function writeManPage() {
  const { commands } = await import("../dist/cli/commands.js");
  const { about, exitCodes, noColor } = await import("../dist/cli/program.js");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  mkdirSync(join(root, "man"), { recursive: true });
  const page = manPage({ table: commands, everywhere: noColor, about, exitCodes, version });
  writeFileSync(join(root, "man/lvsctl.1"), page);
}

function copyTheRest(target) {
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !COPIED.has(extname(entry.name))) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(target, relative(source, from));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
}
