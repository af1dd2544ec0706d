import { expect, test } from "vitest";
import { runAttached } from "../../../src/host/processes/run-attached.ts";

test("gives back the program's exit status", async () => {
  expect(await runAttached(process.execPath, ["-e", "process.exit(3)"])).toBe(3);
});

test("ends the program when aborted, and fails with the reason", async () => {
  const controller = new AbortController();
  const running = runAttached(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
    signal: controller.signal,
  });
  controller.abort(new Error("cancelled"));
  await expect(running).rejects.toThrow("cancelled");
});

test("sets variables and takes others away", async () => {
  const script = "process.exit(process.env.ONE === '1' && process.env.HOME === undefined ? 0 : 1)";
  const environment = { ONE: "1", HOME: undefined };
  expect(await runAttached(process.execPath, ["-e", script], { environment })).toBe(0);
});
