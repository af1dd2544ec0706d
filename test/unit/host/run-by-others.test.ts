import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { isRunByOthers } from "../../../src/host/processes/run-by-others.ts";

const nobody = 65_534;

/** A process of this name, until the test has ended. */
async function runAs(name: string, uid: number): Promise<void> {
  const script = `printf ${name} > /proc/$$/comm; echo; read end`;
  const child = spawn("sh", ["-c", script], { uid, cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.stdin.end());
  await once(child.stdout, "data");
}

test.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)(
  "a program of another user is told from one's own (skipped where this is not root of Linux)",
  async () => {
    expect(await isRunByOthers("tsm-nobodys", "linux")).toBe(false);
    await runAs("tsm-own", 0);
    expect(await isRunByOthers("tsm-own", "linux")).toBe(false);
    await runAs("tsm-other", nobody);
    expect(await isRunByOthers("tsm-other", "linux")).toBe(true);
  },
);

test.skipIf(process.platform === "win32")("nobody runs a program that there is not", async () => {
  expect(await isRunByOthers("no-such-program", process.platform)).toBe(false);
});
