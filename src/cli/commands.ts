/** Every command of lvsctl, in the order in which help lists them. */
import type { Table } from "./command.ts";
import { apply } from "./commands/apply.ts";
import { completion } from "./commands/completion.ts";
import { confirm } from "./commands/confirm.ts";
import { destroy } from "./commands/destroy.ts";
import { diff } from "./commands/diff.ts";
import { drain } from "./commands/drain.ts";
import { drift } from "./commands/drift.ts";
import { explain } from "./commands/explain.ts";
import { init } from "./commands/init.ts";
import { lab } from "./commands/lab.ts";
import { ledger } from "./commands/ledger.ts";
import { plan } from "./commands/plan.ts";
import { rollback } from "./commands/rollback.ts";
import { schema } from "./commands/schema.ts";
import { undrain } from "./commands/undrain.ts";
import { validate } from "./commands/validate.ts";
import { verify } from "./commands/verify.ts";

/** Every command and family of lvsctl, in the order in which help lists them. */
export const commands: Table = [
  init,
  validate,
  diff,
  plan,
  apply,
  verify,
  confirm,
  rollback,
  destroy,
  drift,
  drain,
  undrain,
  explain,
  ledger,
  lab,
  schema,
  completion,
];
