import { exitCode } from "../../../errors/exit-code.ts";
import { defineCommand } from "../../command.ts";
import { hostFlags } from "../../flags/host.ts";
import { subject } from "../../flags/subject.ts";
import { textFlags } from "../../flags/text.ts";

/** `lvsctl ledger show FILE`: what lvsctl owns on each host; changes nothing. */
export const show = defineCommand({
  name: "show",
  summary: "everything that lvsctl created on each host, and what was there before",
  groups: [hostFlags, textFlags, subject],
  formats: ["text", "json"],
  async run({ options, stdout, stderr, print }) {
    const { showLedgers } = await import("../../../app/ledger.ts");
    const { formatError } = await import("../../../report/error-text.ts");
    const { formatLedgers, ledgersToJson } = await import("../../../report/ledgers.ts");
    const ledgers = await showLedgers(options.subject, { ...options, given: { ...options, ...options.subject } });
    print({ text: () => formatLedgers(ledgers, stdout), json: () => ledgersToJson(ledgers) });
    const problems = ledgers.hosts.flatMap(({ problem }) => problem ?? []);
    for (const problem of problems) stderr.write(`\n${formatError(problem, stderr)}`);
    return problems.length > 0 ? exitCode.error : exitCode.ok;
  },
});
