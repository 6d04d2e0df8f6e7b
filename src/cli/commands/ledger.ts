import type { CommandFamily } from "../command.ts";
import { repair } from "./ledger/repair.ts";
import { show } from "./ledger/show.ts";

/** `lvsctl ledger show|repair`: what lvsctl owns on each host. */
export const ledger: CommandFamily = {
  name: "ledger",
  summary: "show, or repair, the lists of what is lvsctl's on each host",
  commands: [show, repair],
  details: [
    "On each host /var/lib/lvsctl/NAME/ledger.json lists all that lvsctl made for a topology, and what was there before. It is written by lvsctl alone. One that is damaged, or that others could have written, stops every command: then repair makes a new one of the entries that can still be read and are true of the host, and of what the topology's file asks for and is on the host just so. It asks first, and keeps the damaged one beside it.",
  ],
  examples: [
    ["lvsctl ledger show topology.yaml"],
    ["lvsctl ledger show --format json --name dr-lab --host lb1,rs1", "without the file"],
    ["lvsctl ledger repair topology.yaml"],
  ],
};
