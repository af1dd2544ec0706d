import { TsmachineError } from "../errors/tsmachine-error.ts";
import type { Bundle } from "./bundle.ts";
import { isConsistent, parseCertificate } from "./read-certificate.ts";

/**
 * Why others will refuse the bundle's owner; undefined when nothing speaks against it. Asks Node's own
 * crypto alone, which takes a millisecond or two.
 */
export function bundleProblem(bundle: Bundle, now: Date): string | undefined {
  try {
    const { validFrom, validTo } = parseCertificate(bundle.certificate);
    if (new Date(validTo) < now) return `the client certificate expired on ${validTo}`;
    if (new Date(validFrom) > now) return `the client certificate is not valid before ${validFrom}`;
    if (isConsistent(bundle)) return undefined;
    return "the client certificate, its key and the authority do not belong together";
  } catch (error) {
    if (!(error instanceof TsmachineError) || error.code !== "CERTIFICATE_INVALID") throw error;
    return error.message;
  }
}
