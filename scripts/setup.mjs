// What `npm run demo` and `npm test` need on a fresh machine. Announces what it will install before it does.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Program → the Debian package that provides it. The lab's hosts see this machine's programs. */
const LAB_PROGRAMS = {
  "linux.uml": "user-mode-linux",
  sshd: "openssh-server",
  ssh: "openssh-client",
  ip: "iproute2",
  iptables: "iptables",
  ipvsadm: "ipvsadm",
  modprobe: "kmod",
  arping: "iputils-arping", // Or arping: both work.
  busybox: "busybox",
  curl: "curl",
  conntrack: "conntrack",
  tcpdump: "tcpdump",
  unshare: "util-linux",
  mount: "mount",
  mke2fs: "e2fsprogs",
};
const TEST_PROGRAMS = {
  "qemu-system-x86_64": "qemu-system-x86",
  arptables: "arptables",
  "dbus-daemon": "dbus",
  fish: "fish",
  git: "git",
  groff: "groff-base",
  nft: "nftables",
  nginx: "nginx-light",
  openssl: "openssl",
  ps: "procps",
  python3: "python3",
  sudo: "sudo",
  systemctl: "systemd", // PID 1 of hosts in labs.
  vsftpd: "vsftpd",
  zsh: "zsh",
};
const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
const POLICY = "/usr/sbin/policy-rc.d";

/**
 * Installs missing npm and Debian packages, builds, and fetches a faster kernel for labs if it can. `tests`: also what only
 * the tests need.
 */
export async function setUp({ tests }) {
  installDebianPackages({ ...LAB_PROGRAMS, ...(tests ? TEST_PROGRAMS : {}) });
  installNpmPackages();
  say("Building.");
  execFileSync(process.execPath, [join(root, "scripts/build.mjs")], { stdio: "inherit", cwd: root });
  await fetchFastKernel();
}

/** Debian 12's User-Mode Linux starts processes half as fast as Debian 13's, and labs start thousands. */
async function fetchFastKernel() {
  if (process.getuid() !== 0) return;
  const { fetchFastUmlKernel } = await import("../dist/lab/uml-kernel.js");
  const onProgress = (message) => say(`For faster labs: ${message} (User-Mode Linux of Debian 13, 39 MB).`);
  const fetched = await fetchFastUmlKernel({ onProgress });
  if (fetched && "error" in fetched)
    say(`It could not be fetched, so that labs use the installed one: ${fetched.error}`);
}

/**
 * Exactly what the lock file says, without install scripts: nothing here needs a compiler. `npm ci` begins by deleting what is
 * there, so it does not run if nothing is missing, nor while a program uses the packages.
 */
export function installNpmPackages() {
  if (areInstalled()) return;
  const user = userOfPackages();
  if (user !== undefined) {
    fail(
      `node_modules has other packages than package-lock.json, and process ${user} is using them. When it has ended, run: npm ci`,
    );
  }
  say("Installing the npm packages of package-lock.json into node_modules.");
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
}

/** Whether node_modules has the packages of the lock file; of the optional ones those that npm took for this platform. */
function areInstalled() {
  const installed = packagesIn("node_modules/.package-lock.json");
  return Object.entries(packagesIn("package-lock.json")).every(([path, { version, optional }]) => {
    if (path === "") return true;
    const found = installed[path];
    if (found === undefined) return optional === true;
    return found.version === version && existsSync(join(root, path, "package.json"));
  });
}

/** The packages that a lock file lists, by their folders; none if there is no such file. */
function packagesIn(name) {
  const file = join(root, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

/** The id of another process that was started from node_modules, such as vitest. */
function userOfPackages() {
  return readdirSync("/proc").find((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "utf8").includes(join(root, "node_modules/"));
    } catch {
      return false; // It has ended.
    }
  });
}

/** What the tests need and this machine lacks: for each such program, the Debian package that provides it. */
export function missingPrograms(programs = { ...LAB_PROGRAMS, ...TEST_PROGRAMS }) {
  return Object.entries(programs).filter(([program]) => !FOLDERS.some((folder) => existsSync(join(folder, program))));
}

function installDebianPackages(programs) {
  const missing = missingPrograms(programs);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  if (!existsSync("/usr/bin/apt-get")) {
    fail(
      `These programs are missing: ${missing.map(([program]) => program).join(", ")}. On Debian they are in: ${packages.join(" ")}.`,
    );
  }
  say(`Installing Debian packages with apt-get: ${packages.join(" ")}.`);
  say("Their services (sshd, nginx) are not started.");
  const asRoot = process.getuid() === 0 ? [] : ["sudo"];
  const env = ["env", "DEBIAN_FRONTEND=noninteractive"];
  withoutServices(asRoot, () => {
    run(...split([...asRoot, "apt-get", "update", "-qq"]));
    run(...split([...asRoot, ...env, "apt-get", "install", "-y", "-qq", "--no-install-recommends", ...packages]));
  });
}

/** Debian starts the services it installs unless policy-rc.d forbids it; an existing policy is left alone. */
function withoutServices(asRoot, work) {
  if (existsSync(POLICY) || asRoot.length > 0) return work();
  writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

/** Exits with a message unless we are root: the lab creates namespaces and mounts. */
export function needRoot(what) {
  if (process.getuid() !== 0) fail(`${what} makes hosts on this machine and needs root: run it with sudo.`);
}

export function say(text) {
  console.error(text);
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"], cwd: root });
  if (error) fail(`${program} cannot be started: ${error.message}`);
  if (status !== 0) fail(`${[program, ...args].join(" ")} ended with ${status}.`);
}

function split([program, ...args]) {
  return [program, args];
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
