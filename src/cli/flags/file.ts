/** The argument of commands that need the topology's file. */
import { argument } from "../parameter.ts";

/** A topology file that has to be named. */
export const topologyFile = argument("<file>", "topology file");
