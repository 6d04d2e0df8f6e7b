// Generated from schemas/playbook.schema.json by scripts/generate.mjs. Change the schema, then run `npm run generate`.
import type { SchemaValidator } from "../../document/validate-schema.ts";

export declare const validatePlaybook: SchemaValidator;
