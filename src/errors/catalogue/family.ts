import type { ExitCode } from "../exit-code.ts";

/** One family of errors: permanent code → its title and the exit code of a run that it ends; 0 for a warning. */
export type CatalogueFamily = Readonly<
  Record<`LVS-${string}-${string}`, { readonly title: string; readonly exit: ExitCode }>
>;
