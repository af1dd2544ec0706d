import { describe } from "vitest";
import { testControl } from "../../support/virtualbox/control-contract.ts";
import { hasVirtualBox } from "../../support/virtualbox/virtualbox-host.ts";

describe.skipIf(!hasVirtualBox)("the web service (skipped where there is no VirtualBox)", () => {
  testControl("own");
});
