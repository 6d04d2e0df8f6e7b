/** The packages to install on a host that has no server program, and how to install them. */
import { raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { Server } from "./programs.ts";

/** A package manager, and its package that contains a server. */
export interface PackageManager {
  readonly path: string;
  /** A small package that starts no service of its own. */
  readonly package: string;
  /** The program in the package. */
  readonly server: Server;
  /** The command without the package's name. */
  readonly install: ShellCommand;
  /** Updates the package lists, if `install` does not. */
  readonly refresh?: ShellCommand;
}

const PYTHON = { package: "python3", server: { program: "python3", path: "/usr/bin/python3" } } as const;

/** In order of preference: on hosts with dnf, yum is a link to it. */
const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    path: "/usr/bin/apt-get",
    package: "busybox",
    server: { program: "busybox", path: "/bin/busybox" },
    install: sh`env DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -q -y -o DPkg::Lock::Timeout=60 --no-install-recommends install`,
    refresh: sh`env DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -q update`,
  },
  { path: "/usr/bin/dnf", ...PYTHON, install: sh`/usr/bin/dnf -q -y install` },
  { path: "/usr/bin/yum", ...PYTHON, install: sh`/usr/bin/yum -q -y install` },
  {
    path: "/sbin/apk",
    package: "busybox-extras",
    server: { program: "busybox", path: "/bin/busybox-extras" },
    install: sh`/sbin/apk add --quiet --update-cache`,
  },
  {
    path: "/usr/bin/zypper",
    ...PYTHON,
    install: sh`/usr/bin/zypper --non-interactive --quiet install --no-recommends`,
  },
];

/** Where package managers can be. */
export const MANAGER_PATHS: readonly string[] = PACKAGE_MANAGERS.map(({ path }) => path);

/** The package manager to use, if the host has one. `files`: the paths that exist. */
export function choosePackageManager(files: ReadonlyMap<string, unknown>): PackageManager | undefined {
  return PACKAGE_MANAGERS.find(({ path }) => files.has(path));
}

/** The same package manager, set to install Python. */
export function bringingPython(manager: PackageManager): PackageManager {
  return { ...manager, ...PYTHON };
}

/** Shell text that installs a manager's package, unless its program exists already. */
export function installScript({ path, package: name, server, install, refresh }: PackageManager): ShellCommand {
  const attempt = sh`${raw(install)} ${name} </dev/null`;
  const retry = refresh ? sh` || { ${raw(refresh)} </dev/null && ${raw(attempt)}; }` : sh``;
  return sh`[ -x ${server.path} ] || {
echo ${`installing ${name} with ${path}`}
${raw(attempt)}${raw(retry)}
}`;
}
