import type { CommandFamily } from "../command.ts";
import { repair } from "./ledger/repair.ts";
import { show } from "./ledger/show.ts";

/** `lvsctl ledger show|repair`: what lvsctl owns on each host. */
export const ledger: CommandFamily = {
  name: "ledger",
  summary: "show or repair the lists of what lvsctl owns on each host",
  commands: [show, repair],
  details: [
    "On each host /var/lib/lvsctl/NAME/ledger.json lists everything that lvsctl created for a topology, and what was there before. Only lvsctl writes it. If it is damaged, or if others could have written it, every command stops. Then repair makes a new one: from the entries that can still be read and match the host, and from what the topology file asks for and the host has exactly like that. It asks first, and keeps the damaged one beside it.",
  ],
  examples: [
    ["lvsctl ledger show topology.yaml"],
    ["lvsctl ledger show --format json --name dr-lab --host lb1,rs1", "without the file"],
    ["lvsctl ledger repair topology.yaml"],
  ],
};
