// Generated from schemas/topology.schema.json by scripts/generate.mjs. Change the schema, then run `npm run generate`.
import type { ErrorObject } from "ajv";

export declare const validateTopology: {
  (value: unknown): boolean;
  errors?: readonly ErrorObject[] | null;
};
