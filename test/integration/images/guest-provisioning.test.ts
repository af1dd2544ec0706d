import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { guestScriptIn } from "../../support/images/guest-script.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** What the guest's watch says of an engine that has been started three times and has this log. */
async function wordsOfWatch(log: string): Promise<string> {
  const root = await temporaryDirectory();
  await mkdir(join(root, "run"));
  await mkdir(join(root, "var/log"), { recursive: true });
  await writeFile(join(root, "run/dockerd-attempts"), "3\n");
  await writeFile(join(root, "var/log/dockerd.log"), log);
  const script = await guestScriptIn(root, "templates/provision/install");
  const { stdout } = await promisify(execFile)("sh", ["-c", script, "install", "watch"], {
    timeout: 30_000,
  });
  return stdout;
}

const refusal =
  "failed to start daemon: error initializing graphdriver: driver not supported: bogus\n";

describe.skipIf(process.platform === "win32")("the last words of an engine", () => {
  test.each([
    ["that has just ended", ""],
    ["that starts again", 'time="2026-01-02T03:04:05Z" level=info msg="Starting up"\n'],
    [
      "that starts again, and warns",
      'time="2026-01-02T03:04:05Z" level=warning msg="could not change group"\n',
    ],
    [
      "that starts again, and logs JSON",
      '{"level":"info","msg":"Starting up","time":"2026-01-02T03:04:05Z"}\n',
    ],
  ])("%s are its failure", async (_, next) => {
    const start = 'time="2026-01-02T03:04:04Z" level=info msg="Starting up"\n';
    expect(await wordsOfWatch(`${start}${refusal}${next}`)).toBe(refusal);
  });

  test("that has said nothing else are its last line", async () => {
    const line = 'time="2026-01-02T03:04:04Z" level=info msg="Starting up"\n';
    expect(await wordsOfWatch(line)).toBe(line);
  });
});
