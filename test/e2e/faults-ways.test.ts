/** What comes between lvsctl and a host, the person at the terminal, and another run. */
import { describeFaults, personFaults, secondRunFaults, wayFaults } from "../helpers/fault-cases.ts";

describeFaults({ name: "e2e-faults-ways" }, wayFaults, personFaults, secondRunFaults);
