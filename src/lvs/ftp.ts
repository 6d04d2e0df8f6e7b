/** The ports of FTP: which are for logins, and which for transfers. */
import { hasPort, portRange } from "./port-range.ts";

/** Where servers wait for logins; the kernel's FTPPORT in include/net/ip_vs.h, and what ip_vs_ftp watches. */
export const FTP = 21;
/** From where servers open data connections in the active mode. */
export const FTP_DATA = 20;
/** Where logins are encrypted from the first byte on (implicit FTPS). Source: IANA. */
export const FTPS = 990;
/** From where such servers open data connections in the active mode. */
const FTPS_DATA = 989;
/** In modes without translation, IPVS takes what a client sends to ports from here on for its data connections. */
export const FIRST_DATA_PORT = 1024;

/** Whether a written port or range is of FTP's own ports, 20 and 21, and of nothing else. */
export function isWellKnown(text: string | number): boolean {
  const { first, last } = portRange(text);
  return first >= FTP_DATA && last <= FTP;
}

/** Whether a written range can be of passive ports, which FTP servers offer for transfers. */
export function isPassive(text: string | number): boolean {
  const { first, last } = portRange(text);
  return first >= FIRST_DATA_PORT && first < last;
}

/** Whether a written port is that of encrypted logins. A range that it is in by chance does not count. */
function isFtps(text: string | number): boolean {
  return Number(text) === FTPS;
}

/** The port for logins in a written port or range of FTP's own, or in port 990; undefined where there is none. */
export function loginIn(text: string | number): number | undefined {
  if (isFtps(text)) return FTPS;
  return isWellKnown(text) && hasPort(text, FTP) ? FTP : undefined;
}

/** Whether nobody listens on a port or range of an FTP service before a transfer. */
export function isForTransfers(text: string | number): boolean {
  return isPassive(text) || (isWellKnown(text) && !hasPort(text, FTP)) || Number(text) === FTPS_DATA;
}
