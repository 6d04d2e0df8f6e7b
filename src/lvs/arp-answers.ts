/** What the programs say that ask who has an address: the three programs called arping, and `ip neigh` after a ping. */

/**
 * The hardware addresses, in lower case, of the machines that answered; undefined if nothing was asked, because there is no
 * program, or because it failed. Every arping that has asked tells so, whoever answers: iputils' and BusyBox's with `Sent 1
 * probe`, Thomas Habets' with `1 packets transmitted`. A neighbour that does not answer is FAILED, or for a while INCOMPLETE.
 */
export function answersIn(text: string): readonly string[] | undefined {
  const macs = [...text.matchAll(ANSWER)].map(([, mac = ""]) => mac.toLowerCase());
  return macs.length > 0 || ASKED.test(text) ? [...new Set(macs)] : undefined;
}

/** iputils' and BusyBox's arping, Thomas Habets', and `ip neigh`. */
const ANSWER = /(?:reply from \S+ \[|bytes from |lladdr )((?:[0-9a-f]{2}:){5}[0-9a-f]{2})/gi;
const ASKED = /\b[1-9]\d* (?:probe|packets? transmitted)|\b(?:FAILED|INCOMPLETE)\b/;
