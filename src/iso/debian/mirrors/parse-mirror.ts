import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Mirror } from "./mirror.ts";

/**
 * A mirror as the user names it. Its security archive is the folder `debian-security` beside
 * `debian`, where mirrors that have one keep it.
 * @throws TsmachineError INVALID_INPUT when the URI cannot be a mirror's.
 */
export function parseMirror(uri: string, origin: string): Mirror {
  const parsed = parseMirrorUri(uri, origin);
  const securityUri = parsed.endsWith("/debian") ? `${parsed}-security` : undefined;
  return { uri: parsed, securityUri, origin };
}

/** The URI in its plain form. @throws TsmachineError INVALID_INPUT when it cannot be a mirror's. */
export function parseMirrorUri(uri: string, origin: string): string {
  if (isMirrorUri(uri)) return new URL(uri).href.replace(/\/+$/, "");
  throw new TsmachineError(
    "INVALID_INPUT",
    `the Debian mirror ${origin} is not an http, https or file address without password and query`,
    { hints: ["give it in the form http://ftp.de.debian.org/debian or file:///srv/debian"] },
  );
}

/** Whether it is an http, https or file address of this host, without password and query. */
export function isMirrorUri(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, host, username, password, search, hash } = new URL(uri);
  const isReachable = protocol === "file:" ? host === "" : /^https?:$/.test(protocol);
  return isReachable && `${username}${password}${search}${hash}` === "";
}
