import * as z from "zod";
import type { Json } from "../../../src/providers/provider.ts";

const requestOf = /FromBase64String\('([A-Za-z0-9+/=]*)'\)/;

/** What PowerShell would see in a program text: which script it is, and the request in it. */
export function decodeProgram(text: string): { readonly script: string; readonly request: Json } {
  const script = /^# (\S+)$/m.exec(text)?.[1];
  const encoded = requestOf.exec(text)?.[1];
  if (script === undefined || encoded === undefined) throw new Error("no program of the provider");
  const json = Buffer.from(encoded, "base64").toString("utf8");
  return { script, request: z.json().parse(JSON.parse(json)) };
}
