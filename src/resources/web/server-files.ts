/** The files that a web server of ours runs from, and the command that runs it, in the foreground. */
import { command, raw, type ShellCommand, sh } from "../../shell/quote.ts";
import type { Server } from "./programs.ts";
import { PYTHON_SERVER } from "./python-server.ts";

export interface ServerFiles {
  /** Name in the server's folder → content. */
  readonly files: Readonly<Record<string, string>>;
  /** Shell text that ends by becoming the server; it finds the group of the user nobody in `$group`. */
  readonly run: ShellCommand;
}

/** Where distributions put Apache's modules. */
const APACHE_MODULES = [
  "/usr/lib/apache2/modules",
  "/usr/lib64/httpd/modules",
  "/usr/lib/httpd/modules",
  "/usr/lib64/apache2",
  "/usr/lib/apache2",
] as const;

/** nginx makes these folders at start, and gives them to its user, so they must not be the distribution's. */
const NGINX_OPTIONAL_TEMP = ["proxy", "fastcgi", "uwsgi", "scgi"] as const;

/**
 * What serves `folder/root` on a port, on all addresses, as the user nobody. Every command line has the folder's name in
 * it, by which the process is known to be ours; nothing is read from the distribution's configuration.
 */
export function serverFiles(server: Server, folder: string, port: number): ServerFiles {
  switch (server.program) {
    case "apache":
      return apache(server.path, folder, port);
    case "nginx":
      return nginx(server.path, folder, port);
    case "busybox":
      return busybox(server.path, folder, port);
    case "python3":
      return python3(server.path, folder, port);
  }
}

function apache(path: string, folder: string, port: number): ServerFiles {
  const configuration = `ServerRoot "${folder}"
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
`;
  return {
    files: { "httpd.conf": configuration },
    run: sh`for modules in ${raw(command(...APACHE_MODULES))}; do [ ! -e "$modules/mod_dir.so" ] || break; done
load() {
  for module; do
    [ ! -e "$modules/mod_$module.so" ] || { echo "LoadModule \${module}_module $modules/mod_$module.so"; return; }
  done
}
{ load mpm_event mpm_worker mpm_prefork; load unixd; load authz_core; load dir; load mime; } > ${`${folder}/modules.conf`}
exec ${path} -f ${`${folder}/httpd.conf`} -c "Group $group" -DFOREGROUND`,
  };
}

function nginx(path: string, folder: string, port: number): ServerFiles {
  const configuration = `pid ${folder}/nginx.pid;
error_log ${folder}/log error;
events { worker_connections 512; }
http {
  access_log off;
  types { text/html html; }
  client_body_temp_path ${folder}/body;
  include ${folder}/temp.conf;
  server {
    listen ${port};
    include ${folder}/listen.conf;
    root ${folder}/root;
    index index.html;
  }
}
`;
  return {
    files: { "nginx.conf": configuration },
    run: sh`built=$(${path} -V 2>&1)
for module in ${raw(command(...NGINX_OPTIONAL_TEMP))}; do
  case $built in
    *"--without-http_\${module}_module"*) ;;
    *) echo "\${module}_temp_path "${folder}"/$module;" ;;
  esac
done > ${`${folder}/temp.conf`}
{ [ ! -e /proc/net/if_inet6 ] || echo ${`listen [::]:${port} ipv6only=on;`}; } > ${`${folder}/listen.conf`}
exec ${path} -c ${`${folder}/nginx.conf`} -g "daemon off; user nobody $group;"`,
  };
}

function busybox(path: string, folder: string, port: number): ServerFiles {
  return {
    files: { "httpd.conf": "I:index.html\n" },
    run: sh`exec ${path} httpd -f -p ${port} -h ${`${folder}/root`} -c ${`${folder}/httpd.conf`} -u "nobody:$group"`,
  };
}

function python3(path: string, folder: string, port: number): ServerFiles {
  return {
    files: { "serve.py": PYTHON_SERVER },
    run: sh`exec ${path} -I ${`${folder}/serve.py`} ${port} ${`${folder}/root`}`,
  };
}
