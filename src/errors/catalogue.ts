import { configErrors } from "./catalogue/config.ts";
import { connectErrors } from "./catalogue/connect.ts";
import { drainErrors } from "./catalogue/drain.ts";
import { factErrors } from "./catalogue/fact.ts";
import { internalErrors } from "./catalogue/internal.ts";
import { labErrors } from "./catalogue/lab.ts";
import { ledgerErrors } from "./catalogue/ledger.ts";
import { lockErrors } from "./catalogue/lock.ts";
import { playbookErrors } from "./catalogue/playbook.ts";
import { stepErrors } from "./catalogue/step.ts";
import { usageErrors } from "./catalogue/usage.ts";
import { verifyErrors } from "./catalogue/verify.ts";

/** Every error that a user can see. Codes are permanent: new ones are added, none is ever renumbered. */
export const catalogue = {
  ...usageErrors,
  ...configErrors,
  ...playbookErrors,
  ...connectErrors,
  ...factErrors,
  ...ledgerErrors,
  ...lockErrors,
  ...stepErrors,
  ...drainErrors,
  ...verifyErrors,
  ...labErrors,
  ...internalErrors,
} as const;

/** The code of an error: `LVS-CONFIG-004`. */
export type ErrorCode = keyof typeof catalogue;
