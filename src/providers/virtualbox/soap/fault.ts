// What a web service answers when a call fails: SOAP 1.1, section 4.4, and the faults of vboxweb.wsdl.
import type { Failure } from "../failure.ts";
import { unescapeXml } from "../xml.ts";

/**
 * The failure that an envelope tells of; undefined when it tells of none.
 * VirtualBox's own are "VirtualBox error: apirc=0x80bb0001 WORDS (0x80bb0001)".
 */
export function parseFault(envelope: string): Failure | undefined {
  if (!/<[\w-]+:Fault[\s>]/.test(envelope)) return undefined;
  const [, words = ""] = /<faultstring[^>]*>([^<]*)<\/faultstring>/.exec(envelope) ?? [];
  const text = unescapeXml(words).trim();
  if (/<(?:[\w-]+:)?InvalidObjectFault[\s>]/.test(envelope)) {
    return { message: `the web service has lost an object: ${text}`, code: undefined };
  }
  const [, digits] =
    /\brc=0x([0-9a-f]{8})/i.exec(text) ?? /apirc=0x([0-9a-f]{8})/i.exec(text) ?? [];
  const message = text
    .replace(/^VirtualBox error: (?:api)?rc=0x[0-9a-f]{8}\s*/i, "")
    .replace(/\s*\(0x[0-9a-f]{8}\)$/i, "")
    .replace(/\s+/g, " ");
  return {
    message: message === "" ? wordless : message,
    code: digits === undefined ? undefined : `0x${digits.toLowerCase()}`,
  };
}

/** A refused logon is a fault without a word. */
export const wordless = "the web service gives no reason";

/** COM's result code as the API has it, a signed number; undefined for success. */
export function codeOf(result: number): string | undefined {
  return result === 0 ? undefined : `0x${(result >>> 0).toString(16).padStart(8, "0")}`;
}
