/**
 * Which modules may be unloaded. The kernel itself keeps most of those that we load while anybody uses them: whatever does,
 * counts as a use of theirs, in any network namespace. But unloading a tunnel's module removes all devices of its types, in
 * all network namespaces, and unloading fou does the same to its ports and to what tunnels need it for.
 */
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";

/** The kernel keeps them: a service, a real server's scheduler, a rule of x_tables or a socket holds each. */
const KEPT_BY_KERNEL = /^(ip_vs|ip_vs_\w+|(xt|ipt|ip6t)_\w+|nf_conntrack|nf_log_syslog|sctp)$/;

/** The types of devices that each module creates, as in `ip link show type`, and the devices that come with it. */
const TUNNELS: ReadonlyMap<string, { readonly types: readonly string[]; readonly own: readonly string[] }> = new Map([
  ["ipip", { types: ["ipip"], own: ["tunl0"] }],
  ["sit", { types: ["sit"], own: ["sit0"] }],
  ["ip_gre", { types: ["gre", "gretap", "erspan"], own: ["gre0", "gretap0", "erspan0"] }],
  ["ip6_tunnel", { types: ["ip6tnl"], own: ["ip6tnl0"] }],
  ["ip6_gre", { types: ["ip6gre", "ip6gretap", "ip6erspan"], own: ["ip6gre0"] }],
]);

/** The kernel's first PID namespace. Source: PROC_PID_INIT_INO in the kernel's proc_ns.h, since Linux 3.8. */
const FIRST_PIDS = "pid:[4026531836]";

/** What `in_use` prints if it has looked everywhere and found nothing. */
const NOWHERE = "nowhere";

/**
 * The shell function `in_use`, which runs shell text in every network namespace. It prints `nowhere` alone if that has
 * printed nothing and there is no namespace into which we cannot look. Processes, open files and mounts show which there are.
 */
const IN_USE = sh`in_use() (
set +e
[ "$(readlink /proc/self/ns/pid)" = ${FIRST_PIDS} ] || exit # A container does not see them all.
sh -c "$1"
own=$(readlink /proc/self/ns/net)
all=$({ printf '%s\\n' /proc/[0-9]*/task/[0-9]*/ns/net /proc/[0-9]*/fd | xargs ls -l; cat /proc/[0-9]*/mountinfo; } 2>/dev/null | grep -o 'net:\\[[0-9]*\\]' | sort -u)
case $all in *"$own"*) ;; *) exit ;; esac
for other in $(echo "$all" | grep -vxF -e "$own" | tr -dc '0-9\\n'); do
process=$(ls -l /proc/[0-9]*/ns/net 2>/dev/null | sed -n "s|.* /proc/\\([0-9]*\\)/ns/net -> net:\\[$other\\]\\$|\\1|p" | head -n 1)
nsenter -t "$process" -n sh -c "$1"
done
echo ${NOWHERE}
)`;

/** Shell text that unloads those of these modules that nobody uses. In doubt they stay. */
export function unloadScript(names: readonly string[]): ShellCommand {
  const uses = names.flatMap((name) => useOf(name) ?? []);
  const checked = names.flatMap((name) => {
    const use = useOf(name);
    return use === undefined ? [] : [sh`[ "$(in_use ${use} 2>&1)" != ${NOWHERE} ] || rmmod ${name} 2>/dev/null || :`];
  });
  const simple = names.filter((name) => KEPT_BY_KERNEL.test(name));
  const unknown = names.filter((name) => !KEPT_BY_KERNEL.test(name) && useOf(name) === undefined);
  return [
    ...(uses.length === 0 ? [] : [IN_USE]),
    ...checked,
    ...(simple.length === 0 ? [] : [sh`${raw(command("rmmod", ...simple))} 2>/dev/null || :`]),
    ...(unknown.length === 0 ? [] : [sh`: ${`${unknown.join(" ")}: stays loaded, for somebody may use it`}`]),
  ].join("\n") as ShellCommand;
}

/** Shell text that prints something if a module is in use in a network namespace; undefined if we cannot tell. */
function useOf(name: string): ShellCommand | undefined {
  if (name === "fou" || name === "fou6")
    return sh`ip fou show; ip -d -o link show | grep -e ' encap fou' -e ' encap gue'`;
  const tunnel = TUNNELS.get(name);
  if (tunnel === undefined) return undefined;
  const own = tunnel.own.join("|");
  const untouched = `^[0-9]+: (${own})@NONE: <(NOARP|BROADCAST,MULTICAST)> mtu [0-9]+ qdisc [a-z_]+ state DOWN `;
  return sh`for type in ${raw(command(...tunnel.types))}; do ip -o link show type "$type" 2>&1; done | grep -vE ${untouched}
ip -o address show | grep -E ${`^[0-9]+: (${own}) `}`;
}
