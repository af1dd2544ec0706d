import { expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { runWorkload } from "../../../../src/matrix/run/run-workload.ts";
import type { Session } from "../../../../src/ssh/session.ts";
import { machineRecord } from "../../../support/machines/machine-record.ts";
import { shellCell } from "../../../support/matrix/matrix-world.ts";
import { coreWorld } from "../../../support/worlds/core-world.ts";

test("a workload whose connection is lost has no exit status, and what it said so far", async () => {
  const { context } = await coreWorld();
  const lose = () => Promise.reject(new TsmachineError("SSH_CONNECTION_LOST", "it is lost"));
  const close = async () => {};
  const guest: Session = {
    ...{ run: lose, files: lose, close, [Symbol.asyncDispose]: close },
    async runInteractive(_command, { stdout }) {
      stdout.write("half a\n");
      return lose();
    },
  };
  const cell = shellCell("w", "", { workload: { runs: "guest" } });
  expect(await runWorkload(context, cell, { record: machineRecord(), guest })).toEqual({
    output: "half a\n[it is lost]\n",
    exitStatus: undefined,
    isLost: true,
  });
});
