/** From a service's `verify` in the file to the test that it describes. */
import type { TestSetting } from "../lvs/test-types.ts";
import type { Service as ServiceFile } from "./generated/topology-file.ts";
import type { ServiceTest } from "./topology.ts";

/** A service's `verify`, in either notation. */
export function testFrom(written: ServiceFile["verify"] = {}): ServiceTest {
  if (typeof written === "string") return { type: written };
  const { expect, tls, ...rest } = written;
  return {
    ...rest,
    ...(expect === undefined ? {} : typeof expect === "number" ? { status: expect } : { text: expect }),
    ...(tls === undefined ? {} : { tls: { verify: tls.ca !== undefined, ...tls } }),
  };
}

/** The key of each setting in the file. */
export const testKeys: Readonly<Record<TestSetting, string>> = {
  path: "path",
  host: "host",
  status: "expect",
  text: "expect",
  tls: "tls",
};
