import type { HttpResponse } from "./http-client.ts";

/**
 * How long a server asks to be left alone: RFC 9110, section 10.2.3. A date is read against the
 * server's own, so that its clock need not agree with ours. Undefined when it does not say.
 */
export function retryAfterMs(headers: HttpResponse["headers"]): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const delay = Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(delay) ? undefined : Math.max(0, delay);
}
