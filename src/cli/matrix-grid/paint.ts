import { styleText } from "node:util";

/** What a piece of text says, of which its colour is made: of cells that have ended that is the verdict. */
export type Tone = "good" | "bad" | "unknown" | "busy" | "idle" | "heading";

/** Colours text without changing the columns that it takes. */
export type Paint = (tone: Tone, text: string) => string;

const styles = {
  good: "green",
  bad: "red",
  unknown: "yellow",
  busy: "cyan",
  idle: "gray",
  heading: "bold",
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

/** Colours only for a terminal that has any, and unless NO_COLOR (https://no-color.org) or the like forbids. */
export function paintFor(
  stream: Pick<NodeJS.WriteStream, "hasColors">,
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  if (!stream.hasColors(16, environment)) return (_tone, text) => text;
  // Without validation of its own, which asks about stdout.
  return (tone, text) => styleText(styles[tone], text, { validateStream: false });
}
