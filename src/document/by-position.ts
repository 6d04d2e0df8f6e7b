import type { LvsctlError } from "../errors/lvsctl-error.ts";

/** Orders the problems of one file by line, then column, then code; those without a place come first. */
export function byPosition(one: LvsctlError, other: LvsctlError): number {
  const [a, b] = [one.details.at, other.details.at];
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0) || one.code.localeCompare(other.code);
}
