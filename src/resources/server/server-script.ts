/** The shell scripts that start and stop a server of ours: a web server, or a responder by UDP or SCTP. */
import { command, raw, type ShellCommand, sh } from "../../shell/quote.ts";
import { ownFolders, stateFolder } from "../state-folder.ts";
import { listensArgv, type Protocol } from "./listening.ts";
import type { Launch } from "./programs.ts";

/** Which server of ours is meant: there is one for each topology, protocol and port. */
export interface Place {
  readonly topology: string;
  /** `tcp`: a web server. */
  readonly protocol: Protocol;
  readonly port: number;
}

/** The folder with all that one server needs; `process` in it links to the server's entry in /proc. */
export function serverFolder(place: Place): string {
  return `${stateFolder(place.topology)}/${nameOf(place)}`;
}

function nameOf({ protocol, port }: Place): string {
  return `${protocol === "tcp" ? "web" : protocol}-${port}`;
}

function titleOf({ protocol }: Place): string {
  return protocol === "tcp" ? "web server" : "responder";
}

/**
 * The regular expression for the command lines of a server's processes, up to and with the folder and `/`. Not for
 * `grep -F`, which in BusyBox ends at the NUL after the first argument.
 */
export function processPattern(place: Place): string {
  return `${serverFolder(place).replaceAll(".", "[.]")}/`;
}

/**
 * Starts a server and waits until its port listens, for five seconds and what the checks take. It outlives the session
 * that starts it: as a systemd unit where systemd runs, else in a session of its own. A process has no command line for
 * a moment while it becomes another program, so it counts as ended only when it was not seen several times.
 */
export function startScript(place: Place, { files, run, root }: Launch): ShellCommand {
  const folder = serverFolder(place);
  const title = titleOf(place);
  const pages = root === undefined ? [] : ownFolders(`${root}/index.html`);
  const passable = new Set([...pages, ...ownFolders(`${folder}/start`)]);
  const written = Object.entries({ ...files, start: startFile(folder, run) }).map(
    ([name, content]) => sh`printf %s ${content} > ${`${folder}/${name}`} &&\n`,
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
${raw(root === undefined ? sh`` : sh`ln -s ${root} ${`${folder}/root`} &&\n`)}${raw(written.join("") as ShellCommand)}: || fail ${`${folder} cannot be written`}
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then
  systemd-run ${`--unit=${unitOf(place)}`} ${`--description=lvsctl: ${title} of ${place.topology} on port ${place.port}`} \\
    /bin/sh ${`${folder}/start`} </dev/null > ${`${folder}/log`} 2>&1 || fail ${`systemd does not run the ${title}`}
else
  setsid /bin/sh ${`${folder}/start`} </dev/null >/dev/null 2>&1 &
fi
tries=25 lost=0
until listens && is_ours; do
  [ "$tries" -gt 0 ] || fail ${`the ${title} does not listen on port ${place.port}`}
  [ "$lost" -lt 3 ] || fail ${`the ${title} for port ${place.port} has ended`}
  [ ! -L ${`${folder}/process`} ] || is_ours || lost=$((lost + 1))
  tries=$((tries - 1))
  sleep 0.2 2>/dev/null || sleep 1
done
)`;
}

/** What runs as the server: it notes its own process and becomes the server, which keeps the number. */
function startFile(folder: string, run: ShellCommand): string {
  return sh`exec </dev/null >> ${`${folder}/log`} 2>&1
group=$(id -gn nobody) || exit 1
ln -s "/proc/$$" ${`${folder}/process`} || exit 1
${raw(run)}
`;
}

/** Stops a server, if the process is still ours. */
export function stopScript(place: Place): ShellCommand {
  return sh`(
${raw(functions(place))}
stop
! is_ours
)`;
}

/** Stops a server and removes its folder, and the topology's when that is empty. */
export function removeScript(place: Place): ShellCommand {
  return sh`${raw(stopScript(place))} &&
rm -rf ${serverFolder(place)} &&
{ rmdir ${stateFolder(place.topology)} 2>/dev/null || true; }`;
}

/** Runs `start` where the server does not run already. */
export function unlessRunning(place: Place, start: ShellCommand): ShellCommand {
  return sh`if ! (\n${raw(functions(place))}\nlistens && is_ours\n); then\n${raw(start)}\nfi`;
}

function unitOf(place: Place): string {
  return `lvsctl-${place.topology}-${nameOf(place)}.service`;
}

/**
 * The shell functions that the scripts share. A process is ours when its command line names the folder; a stranger that
 * has been given its number since is not. A server that does not end within five seconds is killed.
 */
function functions(place: Place): ShellCommand {
  const folder = serverFolder(place);
  const unit = unitOf(place);
  return sh`listens() { ${raw(command(...listensArgv(place.protocol, place.port)))}; }
is_ours() { grep -q -a -s -e ${processPattern(place)} ${`${folder}/process/cmdline`}; }
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
    systemctl stop ${unit} 2>/dev/null || true
    systemctl reset-failed ${unit} 2>/dev/null || true
  fi
}`;
}
