import { describe, expect, test } from "vitest";
import {
  makeMachine,
  openControl,
  testControl,
} from "../../support/virtualbox/control-contract.ts";
import { hasVirtualBox, virtualBoxWorld } from "../../support/virtualbox/virtualbox-host.ts";

describe.skipIf(!hasVirtualBox)("VBoxManage (skipped where there is no VirtualBox)", () => {
  testControl(null);

  test("forwards that a version does not show are replaced all the same", async () => {
    const control = await openControl(null, await virtualBoxWorld());
    const { uuid } = await makeMachine(control);
    const ssh = { name: "ssh", hostPort: 40022, guestPort: 22 };
    const both = [
      { ...ssh, hostPort: 40122 },
      { name: "docker", hostPort: 42376, guestPort: 2376 },
    ];
    await control.setForwards(uuid, [], [ssh]);
    await control.setForwards(uuid, [], both);
    expect(new Set((await control.readMachine(uuid))?.forwards)).toEqual(new Set(both));
  });
});
