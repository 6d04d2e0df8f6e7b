/** The programs that can serve pages: their paths, configuration and start commands. */
import { command, raw, type ShellCommand, sh } from "../../shell/quote.ts";
import { PYTHON_SERVER } from "./python-server.ts";

/** The programs that we can serve pages with. */
export type ServerProgram = "apache" | "nginx" | "busybox" | "python3";

/** A program on a host. */
export interface Server {
  readonly program: ServerProgram;
  readonly path: string;
}

/** The files that our server reads, and the command that runs it. */
export interface Launch {
  /** Name in the server's folder → content. */
  readonly files: Readonly<Record<string, string>>;
  /** Shell text that execs the server in the foreground; `$group` is the group of the user nobody. */
  readonly run: ShellCommand;
  /** The folder with the pages of a web server. */
  readonly root?: string;
}

interface Program {
  /** Where distributions put it. */
  readonly paths: readonly string[];
  /**
   * Serves `folder/root` on a TCP port on all addresses, as the user nobody. Every command line contains the folder's name,
   * so that we recognise the process as ours. The distribution's configuration is not read.
   */
  readonly pages: (path: string, folder: string, port: number) => Launch;
}

/** Modules of nginx that have folders of their own. */
const NGINX_MODULES = ["proxy", "fastcgi", "uwsgi", "scgi"];

/**
 * What a server makes in its own folder for what clients send, and gives to the user nobody: folders. Nothing in them is run
 * or believed.
 */
export const CLIENTS_FOLDERS: readonly string[] = ["body", ...NGINX_MODULES];

/** In order of preference: dedicated web servers first. */
const PROGRAMS: Readonly<Record<ServerProgram, Program>> = {
  apache: {
    paths: ["/usr/sbin/httpd", "/usr/sbin/apache2", "/usr/bin/httpd"],
    pages: (path, folder, port) => ({
      files: {
        "httpd.conf": `ServerRoot "${folder}"
ServerName localhost
Listen ${port}
User nobody
PidFile "${folder}/httpd.pid"
DefaultRuntimeDir "${folder}"
Mutex posixsem
ErrorLog "${folder}/log"
LogLevel warn
DocumentRoot "${folder}/root"
DirectoryIndex index.html
TypesConfig /dev/null
AddType text/html .html
Include "${folder}/modules.conf"
`,
      },
      run: sh`for modules in /usr/lib/apache2/modules /usr/lib64/httpd/modules /usr/lib/httpd/modules /usr/lib64/apache2 /usr/lib/apache2; do
  [ ! -e "$modules/mod_dir.so" ] || break
done
load() {
  for module; do
    [ ! -e "$modules/mod_$module.so" ] || { echo "LoadModule \${module}_module $modules/mod_$module.so"; return; }
  done
}
{ load mpm_event mpm_worker mpm_prefork; load unixd; load authz_core; load dir; load mime; } > ${`${folder}/modules.conf`}
exec ${path} -f ${`${folder}/httpd.conf`} -c "Group $group" -DFOREGROUND`,
    }),
  },
  nginx: {
    paths: ["/usr/sbin/nginx", "/usr/bin/nginx"],
    pages: (path, folder, port) => ({
      files: {
        "nginx.conf": `pid ${folder}/nginx.pid;
error_log ${folder}/log error;
events { worker_connections 512; }
http {
  access_log off;
  types { text/html html; }
  client_body_temp_path ${folder}/body;
  server {
    listen ${port};
    root ${folder}/root;
    index index.html;
    include ${folder}/host.conf;
  }
}
`,
      },
      // At start nginx creates these folders and chowns them to nobody: they must not be the distribution's.
      run: sh`{
  [ ! -e /proc/net/if_inet6 ] || echo ${`listen [::]:${port} ipv6only=on;`}
  for module in ${raw(command(...NGINX_MODULES))}; do
    ${path} -V 2>&1 | grep -q -e "--without-http_\${module}_module" || echo "\${module}_temp_path "${folder}"/$module;"
  done
} > ${`${folder}/host.conf`}
exec ${path} -c ${`${folder}/nginx.conf`} -g "daemon off; user nobody $group;"`,
    }),
  },
  busybox: {
    paths: ["/bin/busybox-extras", "/usr/bin/busybox", "/bin/busybox", "/usr/sbin/busybox"],
    pages: (path, folder, port) => ({
      files: { "httpd.conf": "I:index.html\n" },
      run: sh`exec ${path} httpd -f -p ${port} -h ${`${folder}/root`} -c ${`${folder}/httpd.conf`} -u "nobody:$group"`,
    }),
  },
  python3: {
    paths: ["/usr/bin/python3", "/usr/local/bin/python3", "/usr/libexec/platform-python"],
    pages: (path, folder, port) => pythonLaunch(path, folder, "tcp", port, `${folder}/root`),
  },
};

const SERVERS: readonly Server[] = (["apache", "nginx", "busybox", "python3"] as const).flatMap((program) =>
  PROGRAMS[program].paths.map((path) => ({ program, path })),
);

/** How a program serves the pages in `folder/root`. */
export function pagesLaunch({ program, path }: Server, folder: string, port: number): Launch {
  return PROGRAMS[program].pages(path, folder, port);
}

/** How to run our Python server; `served` is the folder with the pages, or the line to answer with. */
export function pythonLaunch(path: string, folder: string, protocol: string, port: number, served: string): Launch {
  return {
    files: { "serve.py": PYTHON_SERVER },
    run: sh`exec ${path} -I ${`${folder}/serve.py`} ${protocol} ${port} ${served}`,
  };
}

/** The paths where such programs can be. */
export const SERVER_PATHS: readonly string[] = SERVERS.map(({ path }) => path);

/** Files that exist on a host: path → target of a symbolic link, undefined for other files. */
export type ProgramFiles = ReadonlyMap<string, string | undefined>;

/** The web server to use, if the host has one. `applets`: as listed by `busybox --list`. */
export function chooseServer(files: ProgramFiles, applets: ReadonlySet<string>): Server | undefined {
  return SERVERS.find(({ program, path }) => {
    if (!files.has(path)) return false;
    if (program === "busybox") return path.endsWith("-extras") || applets.has("httpd");
    return !files.get(path)?.includes("busybox");
  });
}

/** The Python to run our own server with, if the host has one. */
export function choosePython(files: ProgramFiles): Server | undefined {
  return SERVERS.find(({ program, path }) => program === "python3" && files.has(path));
}

/**
 * Parses `stat -c %N`, `'/bin/sh' -> 'dash'`: each existing path, with the target of a symbolic link or undefined. Only for
 * paths without quotation marks.
 */
export function parseStatLinks(text: string): ProgramFiles {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [path = "", target] = line.split(" -> ").map((name) => name.replaceAll(/^['"`]|['"]$/g, ""));
      return [path, target];
    }),
  );
}
