/** Power cuts of hosts with OpenRC. */
import { describePowerCuts } from "../helpers/power-cuts.ts";

describePowerCuts({ init: "openrc", name: "e2e-powrc", rounds: 8, seed: 20261127, file: "power-cuts-openrc.test.ts" });
