/** The flags of commands that print readable text. */
import { InvalidArgumentError } from "commander";
import { defineGroup } from "../command.ts";

/** The most detail that there is. */
const MOST = 2;

/** How much to say. */
export const textFlags = defineGroup({
  parameters: {
    verbose: {
      spelling: "-v, --verbose",
      summary: "more detail: -v shows reasons, -vv the commands",
      read: ({ length }: readonly string[]) => {
        if (length > MOST) throw new InvalidArgumentError("There is no more detail than -vv.");
        return length;
      },
    },
  },
  options: ({ verbose }) => ({ verbosity: verbose }),
});
