import { type Progress, silentProgress } from "../../core/progress.ts";
import { plainProgress } from "./plain-progress.ts";
import { isTerminal, type ProgressOptions } from "./progress-style.ts";

/** Runs `action` with its steps shown on the stream, which is left tidy whatever happens. */
export async function withProgress<T>(
  options: ProgressOptions,
  action: (progress: Progress) => Promise<T>,
): Promise<T> {
  switch (options.style) {
    case "silent":
      return action(silentProgress);
    case "plain":
      return action(plainProgress(options));
    case "live": {
      const { stream, now } = options;
      if (!isTerminal(stream)) throw new Error("a live list needs a terminal");
      // listr2 is loaded only where it draws: commands that scripts call often do without it.
      const { withLiveProgress } = await import("./live-progress.ts");
      return withLiveProgress({ stream, now }, action);
    }
  }
}
