// Before tests that start programs: ends the run if some are missing, because many tests would wait for what nobody prints.
import { missingPrograms } from "./setup.mjs";

export function setup() {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  const names = missing.map(([program, name]) => `${program} (${name})`).join(", ");
  throw new Error(`These programs are missing, with their Debian packages: ${names}. npm test installs them.`);
}
