/** The shell scripts that start and stop a server of ours: a web server, or one that answers by UDP or SCTP. */
import { command, raw, type ShellCommand, sh } from "../../shell/quote.ts";
import { ownFolders, stateFolder } from "../state-folder.ts";
import type { PackageManager } from "./programs.ts";
import type { ServerFiles } from "./server-files.ts";

export interface Place {
  readonly topology: string;
  readonly port: number;
  /** Absent: a web server's TCP. */
  readonly protocol?: "udp" | "sctp";
}

/** The folder with all that one server needs: `root` links to the pages, `process` to its entry in /proc. */
export function serverFolder(place: Place): string {
  return `${stateFolder(place.topology)}/${nameOf(place)}`;
}

function nameOf({ protocol, port }: Place): string {
  return `${protocol ?? "web"}-${port}`;
}

function kindOf({ protocol }: Place): string {
  return protocol === undefined ? "web server" : "responder";
}

/**
 * The regular expression for the command lines of a server's processes, up to and with `folder/`. Not for `grep -F`,
 * which in BusyBox ends at the NUL after the first argument.
 */
export function processPattern(folder: string): string {
  return `${folder.replaceAll(".", "[.]")}/`;
}

/**
 * Starts a server and waits until its port listens, for five seconds and what the checks take. It outlives the session
 * that starts it: as a systemd unit where systemd runs, else in a session of its own. A process has no command line for
 * a moment while it becomes another program, so it is lost only when it is not seen several times.
 */
export function startScript(place: Place, { files, run }: ServerFiles, root?: string): ShellCommand {
  const folder = serverFolder(place);
  const page = root === undefined ? [] : ownFolders(`${root}/index.html`);
  const passable = new Set([...page, ...ownFolders(`${folder}/start`)]);
  const written = Object.entries({ ...files, start: startFile(folder, run) }).map(
    ([name, content]) => sh`printf %s ${content} > ${`${folder}/${name}`}`,
  );
  return sh`(
${raw(functions(place))}
fail() { echo "$1" >&2; [ ! -s ${`${folder}/log`} ] || cat ${`${folder}/log`} >&2; stop; rm -rf ${folder}; exit 1; }
stop
! listens || fail ${`port ${place.port} is taken by a program of somebody else's`}
${raw(root === undefined ? sh`` : sh`[ -d ${root} ] || fail ${`${root} is not a folder`}\n`)}umask 022
rm -rf ${folder} &&
mkdir -p ${folder} &&
chmod a+x ${raw(command(...passable))} &&
${raw(root === undefined ? sh`` : sh`ln -s ${root} ${`${folder}/root`} &&\n`)}${raw(written.join(" &&\n") as ShellCommand)} || fail ${`${folder} cannot be written`}
${raw(launch(place))}
tries=25 lost=0
until listens && is_ours; do
  [ "$tries" -gt 0 ] || fail ${`the ${kindOf(place)} does not listen on port ${place.port}`}
  [ "$lost" -lt 3 ] || fail ${`the ${kindOf(place)} for port ${place.port} has ended`}
  [ ! -L ${`${folder}/process`} ] || is_ours || lost=$((lost + 1))
  tries=$((tries - 1))
  sleep 0.2 2>/dev/null || sleep 1
done
)`;
}

/** Stops a server, if the process is still ours. */
export function stopScript(place: Place): ShellCommand {
  return sh`(
${raw(functions(place))}
stop
! is_ours
)`;
}

/** What starts a server, where it does not run already. */
export function unlessRunning(place: Place, start: ShellCommand): ShellCommand {
  return sh`if ! (\n${raw(functions(place))}\nlistens && is_ours\n); then\n${raw(start)}\nfi`;
}

/** Stops a server and removes its folder, and the topology's when that is empty. */
export function removeScript(place: Place): ShellCommand {
  return sh`${raw(stopScript(place))} &&
rm -rf ${serverFolder(place)} &&
{ rmdir ${stateFolder(place.topology)} 2>/dev/null || true; }`;
}

/** Installs the package that brings a server, unless it has come in the meantime. */
export function installScript(manager: PackageManager): ShellCommand {
  const install = sh`${raw(command(...manager.install, manager.package))} </dev/null`;
  const retry = manager.refresh && sh` || { ${raw(command(...manager.refresh))} </dev/null && ${raw(install)}; }`;
  return sh`[ -x ${manager.server.path} ] || {
echo ${`installing ${manager.package} with ${manager.path}`}
${raw(`${install}${retry ?? ""}` as ShellCommand)}
}`;
}

function unit(place: Place): string {
  return `lvsctl-${place.topology}-${nameOf(place)}.service`;
}

/** How the kernel shows that somebody listens. Source: Linux, net/ipv4/{tcp_ipv4,udp}.c, net/sctp/proc.c. */
function listens({ protocol, port }: Place): ShellCommand {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  if (protocol === "sctp") {
    return sh`grep -q -s ${`^ *[^ ]* *[^ ]* *[0-9]* *[0-9]* *[0-9]* *${port} `} /proc/net/sctp/eps`;
  }
  if (protocol === "udp") return sh`grep -q -s ${`${local} [0-9A-F]*:0000 07 `} /proc/net/udp /proc/net/udp6`;
  return sh`grep -q -s ${`${local} [0-9A-F]*:0000 0A `} /proc/net/tcp /proc/net/tcp6`;
}

/** A process is ours when its command line names the folder; a number that the kernel has given to another is not. */
function functions(place: Place): ShellCommand {
  const folder = serverFolder(place);
  return sh`listens() { ${raw(listens(place))}; }
is_ours() { grep -q -a -s -e ${processPattern(folder)} ${`${folder}/process/cmdline`}; }
stop() {
  if is_ours; then
    process=$(readlink ${`${folder}/process`})
    tries=60
    while is_ours && [ "$tries" -gt 0 ]; do
      case $tries in
        60) kill "\${process#/proc/}" ;;
        10) kill -KILL "-\${process#/proc/}" ;;
      esac 2>/dev/null || true
      tries=$((tries - 1))
      sleep 0.1 2>/dev/null || sleep 1
    done
  fi
  if [ -d /run/systemd/system ]; then
    systemctl stop ${unit(place)} 2>/dev/null || true
    systemctl reset-failed ${unit(place)} 2>/dev/null || true
  fi
}`;
}

/** What runs as the server: it notes its own process and becomes the server, which keeps the number. */
function startFile(folder: string, run: ShellCommand): string {
  return sh`exec </dev/null >> ${`${folder}/log`} 2>&1
group=$(id -gn nobody) || exit 1
ln -s "/proc/$$" ${`${folder}/process`} || exit 1
${raw(run)}
`;
}

function launch(place: Place): ShellCommand {
  const start = `${serverFolder(place)}/start`;
  const log = `${serverFolder(place)}/log`;
  const description = `lvsctl: ${kindOf(place)} of ${place.topology} on port ${place.port}`;
  return sh`if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then
  systemd-run ${`--unit=${unit(place)}`} ${`--description=${description}`} /bin/sh ${start} </dev/null > ${log} 2>&1 ||
    fail ${`systemd does not run the ${kindOf(place)}`}
else
  setsid /bin/sh ${start} </dev/null >/dev/null 2>&1 &
fi`;
}
