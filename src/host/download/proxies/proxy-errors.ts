import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { shownUrl } from "../addresses.ts";
import type { HttpProxy } from "./proxies.ts";

/** HTTP status with which a proxy refused, in the words of undici's errors for that. */
export function proxyStatusIn(message: string): number | undefined {
  const [, tunnel, authentication] =
    /^Proxy response \((\d{3})\)|^Proxy Authentication Required \((407)\)$/.exec(message) ?? [];
  const status = tunnel ?? authentication;
  return status === undefined ? undefined : Number(status);
}

interface ProxyRefusal {
  readonly url: string;
  readonly proxy: HttpProxy;
  readonly status: number;
}

/** PROXY_AUTHENTICATION_REQUIRED or PROXY_FAILED. */
export function proxyRefused({ url, proxy, status }: ProxyRefusal): TsmachineError {
  const { uri, variable, authorization } = proxy;
  const context = { url: shownUrl(url), proxy: uri, status };
  if (status !== 407) {
    const message = `${nameOf(proxy)} refused to connect to ${new URL(url).host}: HTTP ${status}`;
    return new TsmachineError("PROXY_FAILED", message, { hints: [avoiding(url, proxy)], context });
  }
  const problem =
    authorization === undefined
      ? "wants a name and a password"
      : "does not accept the name and the password it was given";
  return new TsmachineError("PROXY_AUTHENTICATION_REQUIRED", `${nameOf(proxy)} ${problem}`, {
    hints: [`set ${variable}=${uri.replace("://", "://NAME:PASSWORD@")}`],
    context,
  });
}

interface ConnectFailure {
  readonly url: string;
  readonly proxy: HttpProxy;
  readonly reason: string;
  readonly systemCode: string | undefined;
  readonly cause: unknown;
}

/** PROXY_FAILED */
export function proxyConnectFailed(failure: ConnectFailure): TsmachineError {
  const { url, proxy, reason, systemCode, cause } = failure;
  return new TsmachineError("PROXY_FAILED", `cannot reach ${nameOf(proxy)}: ${reason}`, {
    hints: [`correct or unset ${proxy.variable}`, avoiding(url, proxy)],
    context: { url: shownUrl(url), proxy: proxy.uri, systemCode },
    cause,
  });
}

function nameOf({ uri, variable }: HttpProxy): string {
  return `the proxy ${uri} (from ${variable})`;
}

function avoiding(url: string, { uri }: HttpProxy): string {
  return `to go past the proxy ${uri}, add the server to NO_PROXY: NO_PROXY=${new URL(url).hostname}`;
}
