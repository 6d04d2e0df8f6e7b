/** The shell scripts that start and stop our servers: a web server, or a responder over UDP or SCTP. */
import { command, raw, type ShellCommand, sh } from "../../shell/quote.ts";
import { ownFolders, stateFolder } from "../state-folder.ts";
import { listensArgv, type Protocol } from "./listening.ts";
import type { Launch } from "./programs.ts";

/** Identifies one of our servers: there is one per topology, protocol and port. */
export interface Place {
  readonly topology: string;
  /** `tcp`: a web server. */
  readonly protocol: Protocol;
  readonly port: number;
}

/** The folder with a server's files; the link `process` in it points to the server's entry in /proc. */
export function serverFolder(place: Place): string {
  return `${stateFolder(place.topology)}/${nameOf(place)}`;
}

/** The folders of all of a topology's servers of a protocol, as a pattern for `find -path`. */
export function serverFolders(topology: string, protocol: Protocol): string {
  return `${stateFolder(topology)}/${nameOf({ protocol, port: "*" })}`;
}

function nameOf({ protocol, port }: { readonly protocol: Protocol; readonly port: number | "*" }): string {
  return `${protocol === "tcp" ? "web" : protocol}-${port}`;
}

function titleOf({ protocol }: Place): string {
  return protocol === "tcp" ? "web server" : "responder";
}

/**
 * The regular expression that finds a server's folder in the command lines of its processes. Not for `grep -F`: BusyBox's
 * stops at the NUL after the first argument.
 */
export function processPattern(place: Place): string {
  return `${serverFolder(place).replaceAll(".", "[.]")}/`;
}

/**
 * Shell text that starts a server and waits until its port listens, for five seconds plus the time of the checks. The server
 * outlives the login: it is a systemd unit if systemd runs, and otherwise has its own session. During exec a process has no
 * command line for a moment, so it counts as ended only after three misses. A server that AppArmor or SELinux keeps from its
 * files may be kept from its log too, so the kernel is asked as well.
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
fail() { echo "$1" >&2; [ ! -s ${`${folder}/log`} ] || cat ${`${folder}/log`} >&2; denied >&2; stop; rm -rf ${folder}; exit 1; }
denied() {
  dmesg 2>/dev/null | grep -i denied | grep -F -e ${`${folder}/`} | tail -n 3
  [ "$(cat /sys/fs/selinux/enforce 2>/dev/null)" != 1 ] || echo "SELinux enforces its policy here; ausearch -m avc -ts recent shows what it has denied"
}
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

/** The script that execs the server. It first records its own process ID, which the server keeps. */
function startFile(folder: string, run: ShellCommand): string {
  return sh`exec </dev/null >> ${`${folder}/log`} 2>&1
group=$(id -gn nobody) || exit 1
ln -s "/proc/$$" ${`${folder}/process`} || exit 1
${raw(run)}
`;
}

/** Shell text that stops a server, if the process is still ours. */
export function stopScript(place: Place): ShellCommand {
  return sh`(
${raw(functions(place))}
stop
! is_ours
)`;
}

/** Shell text that stops a server and removes its folder, and the topology's folder if that is then empty. */
export function removeScript(place: Place): ShellCommand {
  return sh`${raw(stopScript(place))} &&
rm -rf ${serverFolder(place)} &&
{ rmdir ${stateFolder(place.topology)} 2>/dev/null || true; }`;
}

/** Shell text that runs `start` unless the server is already running. */
export function unlessRunning(place: Place, start: ShellCommand): ShellCommand {
  return sh`if ! (\n${raw(functions(place))}\nlistens && is_ours\n); then\n${raw(start)}\nfi`;
}

/** No topology's name has a `_`, so it is no other topology's start-up unit, `lvsctl-NAME.service`. */
function unitOf(place: Place): string {
  return `lvsctl-${place.topology}_${nameOf(place)}.service`;
}

/** What older versions called it. */
function oldUnitOf(place: Place): string {
  return `lvsctl-${place.topology}-${nameOf(place)}.service`;
}

/**
 * The shell functions that the scripts share. A process is ours if its command line contains the folder; a later process
 * with the same ID is not. A server that has not ended after five seconds is killed. A unit with the name that older versions
 * gave to the server's is another topology's if it has a file.
 */
function functions(place: Place): ShellCommand {
  const folder = serverFolder(place);
  const end = (unit: string) => sh`systemctl stop ${unit} 2>/dev/null || true
    systemctl reset-failed ${unit} 2>/dev/null || true`;
  const old = oldUnitOf(place);
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
    ${raw(end(unitOf(place)))}
    [ -e ${`/etc/systemd/system/${old}`} ] || {
    ${raw(end(old))}
    }
  fi
}`;
}
