import { describe, expect, it } from "vitest";
import { LastingConnection } from "../../src/app/lasting-connection.ts";
import type { Transport } from "../../src/transport/transport.ts";

/** Logins at a host's old and new place, each with a number; a place can be out of reach. */
function logins(moves: boolean) {
  const opened: string[] = [];
  const closed: string[] = [];
  const away = new Set<string>();
  const open = (place: string) => async (): Promise<Transport> => {
    if (away.has(place)) throw new Error(`${place} does not answer`);
    const name = `${place} ${opened.push(place)}`;
    const no = () => Promise.reject(new Error("not asked"));
    return { host: name, execs: 3, read: no, run: no, close: async () => void closed.push(name) };
  };
  const ways = { before: open("old"), ...(moves ? { after: open("new") } : {}) };
  const start = async () => new LastingConnection(await ways.before(), ways);
  return { start, opened, closed, away };
}

const placeOf = async (connection: LastingConnection) => (await connection.transport()).host;

describe("a connection that lasts", () => {
  it("is the same until it is given up; whoever needs it then waits for one new login", async () => {
    const { start, opened, closed } = logins(false);
    const connection = await start();
    expect([await placeOf(connection), await placeOf(connection)]).toEqual(["old 1", "old 1"]);
    await connection.abandon();
    expect(await Promise.all([placeOf(connection), placeOf(connection)])).toEqual(["old 2", "old 2"]);
    expect({ opened: opened.length, closed }).toEqual({ opened: 2, closed: ["old 1"] });
    expect(connection.execs).toBe(6);
  });

  it("tries again after a login that failed", async () => {
    const { start, away } = logins(false);
    const connection = await start();
    await connection.abandon();
    away.add("old");
    await expect(connection.transport()).rejects.toThrow("does not answer");
    away.clear();
    expect(await placeOf(connection)).toBe("old 2");
  });

  it("is kept where a new login fails, and replaced where it does not", async () => {
    const { start, away, closed } = logins(true);
    const connection = await start();
    expect(connection.isMoving).toBe(true);
    away.add("new");
    await expect(connection.reconnect()).rejects.toThrow("new does not answer");
    expect(await placeOf(connection)).toBe("old 1");
    away.clear();
    await connection.reconnect();
    expect(await placeOf(connection)).toBe("new 2");
    expect(closed).toEqual(["old 1"]);
  });

  it("is sought at the old place alone until the host may have moved, and at both from then on", async () => {
    const { start, away } = logins(true);
    const connection = await start();
    await connection.abandon();
    expect(await placeOf(connection)).toBe("old 2");
    await connection.reconnect();
    await connection.abandon();
    expect(await placeOf(connection)).toBe("new 4");
    await connection.abandon();
    away.add("new");
    expect(await placeOf(connection)).toBe("old 5");
  });

  it("leaves nothing open when it is closed, a login under way included", async () => {
    const { start, closed } = logins(false);
    const connection = await start();
    await connection.abandon();
    const late = connection.transport();
    await connection.close();
    await late;
    expect(closed).toEqual(["old 1", "old 2"]);
  });
});
