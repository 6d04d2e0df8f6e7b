import { access, constants } from "node:fs/promises";

/** Whether a path exists on this machine and this process may use it; `mode` as in access(2). Never throws. */
export function exists(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
