/** Which of a host's programs serves a page, and which package brings one where there is none. */

export type ServerProgram = "apache" | "nginx" | "busybox" | "python3";

export interface Server {
  readonly program: ServerProgram;
  readonly path: string;
}

export interface PackageManager {
  readonly path: string;
  /** A light package, which starts no service of its own. */
  readonly package: string;
  /** What the package brings. */
  readonly server: Server;
  /** Environment and arguments in front of the package's name. */
  readonly install: readonly string[];
  /** What brings the lists of packages up to date, where `install` does not do it itself. */
  readonly refresh?: readonly string[];
}

const PYTHON = { package: "python3", server: { program: "python3", path: "/usr/bin/python3" } } as const;
const NONINTERACTIVE = ["env", "DEBIAN_FRONTEND=noninteractive"] as const;

/** In order of preference: what the host has been given to serve pages comes first. */
const SERVERS: readonly Server[] = [
  { program: "apache", path: "/usr/sbin/httpd" },
  { program: "apache", path: "/usr/sbin/apache2" },
  { program: "apache", path: "/usr/bin/httpd" },
  { program: "nginx", path: "/usr/sbin/nginx" },
  { program: "nginx", path: "/usr/bin/nginx" },
  { program: "busybox", path: "/bin/busybox-extras" },
  { program: "busybox", path: "/usr/bin/busybox" },
  { program: "busybox", path: "/bin/busybox" },
  { program: "busybox", path: "/usr/sbin/busybox" },
  { program: "python3", path: "/usr/bin/python3" },
  { program: "python3", path: "/usr/local/bin/python3" },
  { program: "python3", path: "/usr/libexec/platform-python" },
];

const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    path: "/usr/bin/apt-get",
    package: "busybox",
    server: { program: "busybox", path: "/bin/busybox" },
    install: [
      ...NONINTERACTIVE,
      "/usr/bin/apt-get",
      ...["-q", "-y", "-o", "DPkg::Lock::Timeout=60", "--no-install-recommends", "install"],
    ],
    refresh: [...NONINTERACTIVE, "/usr/bin/apt-get", "-q", "update"],
  },
  { path: "/usr/bin/dnf", ...PYTHON, install: ["/usr/bin/dnf", "-q", "-y", "install"] },
  { path: "/usr/bin/yum", ...PYTHON, install: ["/usr/bin/yum", "-q", "-y", "install"] },
  {
    path: "/sbin/apk",
    package: "busybox-extras",
    server: { program: "busybox", path: "/bin/busybox-extras" },
    install: ["/sbin/apk", "add", "--quiet", "--update-cache"],
  },
  {
    path: "/usr/bin/zypper",
    ...PYTHON,
    install: ["/usr/bin/zypper", "--non-interactive", "--quiet", "install", "--no-recommends"],
  },
];

/** The files whose existence tells what a host has. */
export const PROGRAM_PATHS: readonly string[] = [...SERVERS, ...PACKAGE_MANAGERS].map(({ path }) => path);

/**
 * The web server to use. `files`: which of PROGRAM_PATHS exist, each with the target of a symbolic link or undefined;
 * `applets`: what `busybox --list` names.
 */
export function chooseServer(
  files: ReadonlyMap<string, string | undefined>,
  applets: ReadonlySet<string>,
): Server | undefined {
  return SERVERS.find(({ program, path }) => {
    if (!files.has(path)) return false;
    const isBusyBox = files.get(path)?.includes("busybox") ?? false;
    if (program === "busybox") return path.endsWith("-extras") || applets.has("httpd");
    return !isBusyBox;
  });
}

/** The package manager to use where no server is installed. */
export function choosePackageManager(files: ReadonlyMap<string, string | undefined>): PackageManager | undefined {
  return PACKAGE_MANAGERS.find(({ path }) => files.has(path));
}
