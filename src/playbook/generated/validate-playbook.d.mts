// Generated from schemas/playbook.schema.json by scripts/generate.mjs. Change the schema, then run `npm run generate`.
import type { ErrorObject } from "ajv";

export declare const validatePlaybook: {
  (value: unknown): boolean;
  errors?: readonly ErrorObject[] | null;
};
