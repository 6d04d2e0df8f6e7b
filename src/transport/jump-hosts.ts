/**
 * Logins to jump hosts, shared by the hosts behind them: an sshd lets in only a few at a time that have not logged in yet
 * (MaxStartups, by default about 10), and each login may ask a person for something.
 */
import type { Login } from "./ssh-login.ts";

/** A login, and how to end it with all that it is carried by. */
export interface JumpLogin {
  readonly login: Login;
  /** Ends the login and all that carries it. */
  close(): void;
}

/** Who wants to go through a jump host. */
export interface JumpWish {
  /** The host's name in the topology. */
  readonly host: string;
  /** The login has to show that the host can be reached by a new connection, so one from before does not do. */
  readonly isAnew: boolean;
}

/** A share in a login. */
export interface JumpLease {
  readonly login: Login;
  /** Ends the login if nobody else has a share in it any more. */
  release(): void;
}

interface Shared {
  readonly opening: Promise<JumpLogin>;
  readonly isAnew: boolean;
  /** Who has ever had a share. */
  readonly served: Set<string>;
  shares: number;
  isOver(): boolean;
}

/** The logins to jump hosts of one command. */
export class JumpHosts {
  private readonly byWay = new Map<string, Shared>();

  /**
   * A share in the login that is reached by `way`, a text that says everything about it. Logs in by `open` if there is none
   * that will do. Throws what `open` throws.
   */
  async take(way: string, wish: JumpWish, open: () => Promise<JumpLogin>): Promise<JumpLease> {
    const known = this.byWay.get(way);
    const shared = known && suits(known, wish) ? known : this.begin(way, wish, open);
    shared.served.add(wish.host);
    shared.shares += 1;
    try {
      const { login } = await shared.opening;
      return { login, release: once(() => this.release(way, shared)) };
    } catch (error) {
      this.release(way, shared);
      throw error;
    }
  }

  private begin(way: string, { isAnew }: JumpWish, open: () => Promise<JumpLogin>): Shared {
    let opened: JumpLogin | undefined;
    let hasFailed = false;
    const opening = open();
    opening.then(
      (login) => {
        opened = login;
      },
      () => {
        hasFailed = true;
      },
    );
    const isOver = () => hasFailed || (opened?.login.isLost() ?? false);
    const shared: Shared = { opening, isAnew, served: new Set(), shares: 0, isOver };
    this.byWay.set(way, shared);
    return shared;
  }

  private release(way: string, shared: Shared): void {
    shared.shares -= 1;
    if (shared.shares > 0) return;
    if (this.byWay.get(way) === shared) this.byWay.delete(way);
    shared.opening.then(
      (opened) => opened.close(),
      () => {},
    );
  }
}

/** A login that was made again does for each host once: when a host asks again, it wants to see another. */
function suits(shared: Shared, { host, isAnew }: JumpWish): boolean {
  if (shared.isOver()) return false;
  return !isAnew || (shared.isAnew && !shared.served.has(host));
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
