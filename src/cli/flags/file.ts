/** The argument of commands that need the topology's file. */
import { argument } from "../parameter.ts";

/** A required topology file. */
export const topologyFile = argument("<file>", "topology file");
