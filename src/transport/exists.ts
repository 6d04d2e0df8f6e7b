import { access, constants } from "node:fs/promises";

/** Whether this process may reach a path on this machine; `mode`: and use it so, as access(2) asks. Never throws. */
export function exists(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
