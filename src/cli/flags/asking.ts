/** The flags that say how a verification sends its requests. */
import type { Asking } from "../../app/asking.ts";
import { defineGroup } from "../command.ts";
import { listOf, type Parameter, value, wholeNumber } from "../parameter.ts";
import { defined } from "./defined.ts";

/** The most. Source: schemas/topology.schema.json, definition `verify`; of retries, what anybody can want. */
const MOST = { requests: 10_000, timeout: 300, retries: 10 };

const requests = value(
  "--requests <n>",
  "how many requests to send to each service; default: as the file says, or 20",
  wholeNumber({ most: MOST.requests }),
);
const retries = value(
  "--retries <n>",
  "how often to retry a request that timed out; default: once",
  wholeNumber({ orZero: true, most: MOST.retries }),
);

function timeout(spelling: `--${string}`, of: string): Parameter<number | undefined> {
  return value(
    spelling,
    `how long ${of} waits for its answer; default: as the file says, or 5`,
    wholeNumber({ most: MOST.timeout }),
  );
}

function only(spelling: `--${string}`, summary: string): Parameter<readonly string[] | undefined> {
  const read = (given: readonly string[]) => (given.length === 0 ? undefined : given.flatMap(listOf));
  return { spelling, summary: `${summary} (can be repeated)`, namesOf: "services", read };
}

/** How `verify` asks. */
export const askingFlags = defineGroup({
  parameters: {
    requests,
    timeout: timeout("--timeout <seconds>", "a request"),
    retries,
    only: only("--only <service,…>", "send requests to these services only"),
  },
  options: ({ requests, timeout, retries, only }) => ({
    asking: defined({ requests, timeoutSeconds: timeout, retries, only }) satisfies Asking,
  }),
});

/** The same for a command that does more than that. */
export const verifyingFlags = defineGroup({
  parameters: {
    requests,
    verifyTimeout: timeout("--verify-timeout <seconds>", "a request at the end"),
    retries,
    verifyOnly: only("--verify-only <service,…>", "apply everything, and send requests to these services only"),
  },
  options: ({ requests, verifyTimeout, retries, verifyOnly }) => ({
    asking: defined({ requests, timeoutSeconds: verifyTimeout, retries, only: verifyOnly }) satisfies Asking,
  }),
});
