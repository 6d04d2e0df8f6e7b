/** The argument of commands that need the topology's file. */
import { argument } from "../parameter.ts";

export const topologyFile = argument("<file>", "topology file");
