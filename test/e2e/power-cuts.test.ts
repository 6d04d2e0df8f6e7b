/** Power cuts of hosts with systemd. */
import { describePowerCuts } from "../helpers/power-cuts.ts";

describePowerCuts({ init: "systemd", name: "e2e-power", rounds: 12, seed: 20261126, file: "power-cuts.test.ts" });
