import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import * as z from "zod";
import { openDevtools } from "./devtools-pipe.ts";
import { openPage, type Page } from "./page.ts";

/** As Debian calls it. */
const program = "chromium";

/** Debian's Chromium without a window, with an empty profile; it ends with its scope. */
export interface Chromium extends AsyncDisposable {
  open(url: string): Promise<Page>;
}

export async function startChromium(): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), "tsmachine-test-chromium-"));
  const child = spawn(program, chromiumArguments(profile), {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, HOME: profile },
  });
  const ended = once(child, "close");
  const [, , , output, input] = child.stdio;
  if (!(output instanceof Writable && input instanceof Readable)) throw new Error("no pipes");
  const devtools = openDevtools(output, input);
  return {
    async open(url) {
      const { targetId } = z
        .object({ targetId: z.string() })
        .parse(await devtools.send("Target.createTarget", { url: "about:blank" }));
      const { sessionId } = z
        .object({ sessionId: z.string() })
        .parse(await devtools.send("Target.attachToTarget", { targetId, flatten: true }));
      return openPage(url, { devtools, sessionId });
    },
    async [Symbol.asyncDispose]() {
      await devtools.send("Browser.close").catch(() => child.kill("SIGKILL"));
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function chromiumArguments(profile: string): string[] {
  return [
    "--headless",
    "--remote-debugging-pipe",
    `--user-data-dir=${profile}`,
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    // Chromium refuses to run as root with its sandbox; containers of CIs are root.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
}
