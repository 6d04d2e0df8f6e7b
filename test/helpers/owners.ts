import { checkedJson } from "./checked-json.ts";
import type { LabUnderTest } from "./lab-under-test.ts";

/** The owners of the hosts that lvsctl does not log in to: they do by hand what `plan` lists, and nothing else. */
export class Owners {
  private readonly lab: LabUnderTest;
  private readonly lists: ReadonlyMap<string, string>;

  private constructor(lab: LabUnderTest, lists: ReadonlyMap<string, string>) {
    this.lab = lab;
    this.lists = lists;
  }

  /** Reads what `plan` lists for each of them. */
  static async of(lab: LabUnderTest): Promise<Owners> {
    const { stdout } = await lab.do("plan", "--format", "json");
    const { unmanaged } = checkedJson(stdout) as { unmanaged: { host: string; commands: string[] }[] };
    return new Owners(lab, new Map(unmanaged.map(({ host, commands }) => [host, commands.join("\n")])));
  }

  /** Carries out the list of one host, again if it was carried out before. */
  async work(host: string): Promise<void> {
    const list = this.lists.get(host);
    if (list === undefined) throw new Error(`plan lists nothing for ${host}`);
    await this.lab.on(host, list);
  }
}
