/**
 * Finds out whether a TCP service takes connections, without speaking any protocol. Each connection is closed in order: what
 * the service says first is read, so that the kernel does not answer it with a reset.
 */
import { ADDRESS, NUMBER } from "./datagrams.ts";
import type { Probe } from "./probe.ts";

/** Arguments: address, port, number of connections, seconds, and 1 to wait for what the service says first. */
const PROGRAM = `import socket, sys
address, port, count, seconds, hear = sys.argv[1:6]
def say(state, data):
    print("lvsctl-probe", state, "".join(chr(b) if 32 <= b <= 126 else " " for b in bytearray(data[:200])))
for _ in range(int(count)):
    heard = b""
    try:
        one = socket.create_connection((address, int(port)), float(seconds))
    except socket.timeout:
        say("silent", b"no answer")
        continue
    except OSError as error:
        say("failed", (error.strerror or str(error)).encode())
        continue
    try:
        if hear == "1":
            heard = one.recv(2048)
        one.shutdown(socket.SHUT_WR)
        one.settimeout(1)
        for _ in range(64):
            if not one.recv(2048):
                break
    except OSError:
        pass
    one.close()
    say("answered", heard)`;

/**
 * \`lvsctl_connect ADDRESS PORT COUNT SECONDS HEAR\` uses the first of Python 3, bash and nc that the host has; with nc, which
 * BusyBox has too, it does not tell a refusal from a way that is closed. One connection after the other.
 */
const SCRIPT = `lvsctl_connect() (
say() { printf 'lvsctl-probe %s %s\\n' "$1" "$(printf %s "$2" | tr -c ' -~' ' ' | cut -c1-200)"; }
if command -v python3 >/dev/null; then
exec python3 -I -S -B -c '${PROGRAM}' "$@"
fi
w=1; [ "$5" = 1 ] && w=$4
once() {
if command -v bash >/dev/null; then
timeout "$(($3 + w + 2))" bash -c 'exec 3<>"/dev/tcp/$1/$2" || exit; echo connected
t=$3; while IFS= read -r -t "$t" -n 200 l <&3 || [ -n "$l" ]; do printf "%s " "$l"; t=0.2; done' bash "$1" "$2" "$w" 2>&1
elif command -v nc >/dev/null; then
r=$(timeout "$(($3 + w + 2))" nc -w "$3" "$1" "$2" </dev/null 2>&1)
case $? in 0|124|143) printf 'connected\\n%s' "$r" ;; *) printf %s "$r" ;; esac
else exit 127
fi
}
i=0
while [ $i -lt "$3" ]; do
r=$(once "$1" "$2" "$4"); s=$?
[ $s = 127 ] && exit 127
case $r in
connected*) r=\${r#connected}; say answered "\${r#?}" ;;
''|*'timed out'*) say silent 'no answer' ;;
*) say failed "\${r##*: }" ;;
esac
i=$((i + 1))
done
)`;

/** The command that connects to a TCP service, and the script that it needs. */
export function connectCommand(
  target: { readonly address: string; readonly port: number },
  count: number,
  timeoutSeconds: number,
  hears: boolean,
): { readonly argv: readonly string[]; readonly script: string } {
  const { address, port } = target;
  return {
    argv: [connectProbe.program, address, ...[port, count, timeoutSeconds, hears ? 1 : 0].map(String)],
    script: SCRIPT,
  };
}

/** The probe that connects. */
export const connectProbe: Probe = {
  program: "lvsctl_connect",
  script: SCRIPT,
  allows: ([address = "", ...numbers]) =>
    ADDRESS.test(address) && numbers.length === 4 && numbers.every((word) => NUMBER.test(word)),
};
