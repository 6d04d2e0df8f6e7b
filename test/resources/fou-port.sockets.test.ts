/** What brings tunnel ports back at boot, with an `ip` that shows ports as iproute2 does: this kernel may have no fou. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { fouPort } from "../../src/resources/fou-port.ts";
import { statesOf } from "./there-and-back.ts";
import { context, type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

const FAKE_IP = `cat >/usr/local/sbin/ip <<'END'
#!/bin/sh
case "$1 $2" in
'fou show') cat /run/shown ;;
'fou add') shift 2; echo "$*" >>/run/added ;;
esac
END
chmod +x /usr/local/sbin/ip`;

let host: ThrowAwayHost;
beforeAll(async () => {
  host = await throwAwayHost();
  expect(await host.run(FAKE_IP)).toMatchObject({ status: 0, stderr: "" });
});
afterAll(() => host.end());

const four = "port 6080 gue\n";
const six = "port 6080 gue -6\n";

test.each([
  ["nothing", "", 4, four],
  ["the same port", "port 6080 gue\n", 4, ""],
  ["the same port, with addresses", "port 6080 gue local 192.0.2.1\n", 4, ""],
  ["the port of IPv6 alone", "port 6080 gue -6\n", 4, four],
  ["both", "port 6080 gue -6\nport 6080 gue\n", 4, ""],
  ["other ports", "port 16080 gue\nport 60800 gue\nport 6080 ipproto 4\n", 4, four],
  ["nothing", "", 6, six],
  ["the same port", "port 6080 gue -6\n", 6, ""],
  ["the same port, with addresses", "port 6080 gue -6 local 2001:db8::1\n", 6, ""],
  ["the port of IPv4 alone", "port 6080 gue\n", 6, six],
  ["another port of IPv6", "port 6080 gue\nport 6081 gue -6\n", 6, six],
])("%s there, %j: for IPv%i it adds %j", async (_name, shown, family, added) => {
  const states = statesOf(fouPort, [{ port: 6080, family }]);
  const [step] = fouPort.atBoot?.(states, fouPort.bare(), context) ?? [];
  const { stdout, stderr, status } = await host.run(
    `printf %s '${shown}' >/run/shown; : >/run/added\n(\nset -e\n${step?.script}\n)\ns=$?; cat /run/added; exit $s`,
  );
  expect({ stdout, stderr, status }).toEqual({ stdout: added, stderr: "", status: 0 });
});
