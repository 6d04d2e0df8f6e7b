import { ledgerPath, parseLedger } from "../../src/ledger/ledger.ts";
import { readShellHost } from "../../src/transaction/shell/shell-host.ts";
import { LiveRoot } from "../helpers/live-root.ts";
import { describeRunHost, type HostOnTrial, TOPOLOGY } from "../helpers/run-host-contract.ts";
import { things } from "../helpers/things.ts";
import { TIMER, timersLeft } from "../helpers/timers-left.ts";

const FOLDER = "/var/lib/things";
const TRANSACTION = "/var/lib/lvsctl/.transaction";
/** Waits until the timer has ended the run; if there is none any more, nobody will. */
const SETTLED = `while [ -e ${TRANSACTION} ]; do
pgrep -f '${TIMER}' >/dev/null || [ ! -e ${TRANSACTION} ] || exit 1
sleep 0.2
done`;

describeRunHost("a host with a shell", async (): Promise<HostOnTrial> => {
  const root = new LiveRoot();
  const out = async (script: string) => (await root.run(script)).stdout;
  const lines = async (script: string) => (await out(script)).split("\n").filter((line) => line !== "");
  const connection = {
    host: "rs1",
    isMoving: false,
    transport: async () => root.transport("rs1"),
    abandon: async () => undefined,
    reconnect: async () => undefined,
  };
  const host = await readShellHost(connection, {
    topology: TOPOLOGY,
    wanted: [],
    kinds: new Map([["thing", things]]),
    randomHex: (bytes) => "5e".repeat(bytes),
  });
  return {
    host,
    wait: (work) => work,
    settle: async () => {
      if ((await root.run(SETTLED)).status !== 0) throw new Error("the run is pending, and its timer has ended");
    },
    things: () => lines(`ls ${FOLDER} 2>/dev/null`),
    remove: async (name) => {
      await root.run(`rm ${FOLDER}/${name}`);
    },
    ledger: async () => {
      const text = await out(`cat ${ledgerPath(TOPOLOGY)} 2>/dev/null`);
      return text === "" ? undefined : parseLedger(text, TOPOLOGY, "rs1");
    },
    atBoot: async () => {
      const text = await out(`cat /var/lib/lvsctl/${TOPOLOGY}/restore.sh 2>/dev/null`);
      return [...text.matchAll(/\btry s\d+ \S+ \S+ '?(.*?)'?$/gm)].map(([, what = ""]) => what);
    },
    restart: async () => {
      const kept = `mv ${FOLDER}/lasting ${FOLDER}/.kept; rm -f ${FOLDER}/*; mv ${FOLDER}/.kept ${FOLDER}/lasting`;
      await root.run(`pkill -f '${TIMER}'; rm -r /run/lvsctl; ${kept}`);
    },
    killTimer: async () => {
      await root.run(`pkill -f '${TIMER}'`);
    },
    cutOffConfirmation: async () => {
      await root.run(`pkill -f '${TIMER}'; mv ${TRANSACTION}/id ${TRANSACTION}/confirmed`);
    },
    traces: () => lines(`${timersLeft}; find /run/lvsctl ${TRANSACTION} 2>/dev/null`),
    close: () => root.close(),
  };
});
