import { MemoryHost } from "../helpers/memory-host.ts";
import { MemoryMachine } from "../helpers/memory-machine.ts";
import { describeRunHost, type HostOnTrial, TOPOLOGY } from "../helpers/run-host-contract.ts";
import { VirtualClock } from "../helpers/virtual-clock.ts";

describeRunHost("a host in memory", async (): Promise<HostOnTrial> => {
  const clock = new VirtualClock();
  const machine = new MemoryMachine("rs1", clock);
  machine.judge = ({ key, after }) => {
    if (after && key === "broken") return { fails: "out of order" };
    return after && key === "hanging" ? { seconds: 100 } : {};
  };
  const host = new MemoryHost({ machine, process: clock.process(), topology: TOPOLOGY, wanted: [] });
  return {
    host,
    wait: (work) => clock.until(work),
    settle: async () => {
      while (machine.pending) await clock.pass(1_000);
    },
    things: async () => [...machine.resources.keys()].map((name) => name.replace("thing ", "")).sort(),
    remove: async (name) => {
      machine.resources.delete(`thing ${name}`);
    },
    ledger: async () => machine.ledgers.get(TOPOLOGY),
    atBoot: async () => machine.atBoot.get(TOPOLOGY) ?? [],
    restart: async () => machine.restart((name) => name === "thing lasting"),
    killTimer: async () => machine.killTimer(),
    cutOffConfirmation: async () => machine.cutOffConfirmation(),
    traces: async () => (machine.isBusy ? ["a run"] : []),
    close: async () => undefined,
  };
});
