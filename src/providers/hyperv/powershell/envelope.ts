import * as z from "zod";
import { parseJson } from "../../../bytes/parse-json.ts";

/** PowerShell prints what it likes around the reply: profiles' words, warnings, progress as CLIXML. */
export const envelopeStart = "<tsmachine-reply>";
export const envelopeEnd = "</tsmachine-reply>";

const replySchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    message: z.string(),
    id: z.string(),
    category: z.string(),
  }),
]);
export type Reply = z.infer<typeof replySchema>;

/** The reply in what PowerShell printed; undefined where there is none that is whole. */
export function readEnvelope(stdout: string): Reply | undefined {
  const start = stdout.lastIndexOf(envelopeStart);
  if (start < 0) return undefined;
  const end = stdout.indexOf(envelopeEnd, start);
  if (end < 0) return undefined;
  const text = stdout.slice(start + envelopeStart.length, end);
  const result = replySchema.safeParse(parseJson(text.replace(/\r?\n/g, "")));
  return result.success ? result.data : undefined;
}
