import { expect, test } from "vitest";
import { runAttached } from "../../../src/host/processes/run-attached.ts";

test("gives back the program's exit status", async () => {
  expect(await runAttached(process.execPath, ["-e", "process.exit(3)"])).toBe(3);
});

test("ends the program when aborted, and fails with the reason", async () => {
  const controller = new AbortController();
  const running = runAttached(
    process.execPath,
    ["-e", "setInterval(() => {}, 1000)"],
    controller.signal,
  );
  controller.abort(new Error("cancelled"));
  await expect(running).rejects.toThrow("cancelled");
});
