/** The flags of commands that print readable text. */
import { defineGroup } from "../command.ts";

/** How much to say. */
export const textFlags = defineGroup({
  parameters: {
    verbose: {
      spelling: "-v, --verbose",
      summary: "more detail: -v shows reasons, -vv the commands",
      read: ({ length }: readonly string[]) => length,
    },
  },
  options: ({ verbose }) => ({ verbosity: verbose }),
});
