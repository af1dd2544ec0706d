import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { HttpProxy } from "./proxies.ts";
import { proxyConnectFailed, proxyRefused, proxyStatusIn } from "./proxy-errors.ts";

/** Host and port, for messages. */
/** A URL for messages: without its query, which may be a signature that opens what it names. */
export function shownUrl(url: string): string {
  return url.replace(/[?#].*$/, "");
}

export function addressOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

export interface NetworkFailure {
  readonly url: string;
  /** What the request was to go through. */
  readonly proxy: HttpProxy | undefined;
  /** The TypeError of fetch; what really happened is one of its causes. */
  readonly error: TypeError;
}

/**
 * What fetch's failure means: a TsmachineError NETWORK_UNREACHABLE, SERVER_UNTRUSTED, PROXY_FAILED
 * or PROXY_AUTHENTICATION_REQUIRED.
 */
export function explainNetworkError({ url, proxy, error }: NetworkFailure): TsmachineError {
  const causes = causesOf(error);
  const proxyStatus = causes.map(({ message }) => proxyStatusIn(message)).find(Boolean);
  if (proxy && proxyStatus !== undefined) return proxyRefused({ url, proxy, status: proxyStatus });
  const known = causes.find((cause) => isSystemError(cause, ...reasons.keys()));
  const systemCode = isSystemError(known, ...reasons.keys()) ? known.code : undefined;
  const { reason, kind } = reasons.get(systemCode ?? "") ?? {
    ...{ reason: causes.at(-1)?.message ?? error.message, kind: "transfer" },
  };
  if (kind === "trust") return untrusted({ url, proxy, reason, systemCode, cause: error });
  if (proxy && kind === "connect") {
    return proxyConnectFailed({ url, proxy, reason, systemCode, cause: error });
  }
  return new TsmachineError(
    "NETWORK_UNREACHABLE",
    `cannot download from ${addressOf(url)}: ${reason}`,
    { context: { url: shownUrl(url), systemCode }, cause: error },
  );
}

interface Reason {
  readonly reason: string;
  /** What failed: making the connection, keeping it, or believing the server's certificate. */
  readonly kind: "connect" | "transfer" | "trust";
}

const unknownAuthority: Reason = {
  reason: "its certificate is of an authority that is not known here",
  kind: "trust",
};

const reasons: ReadonlyMap<string, Reason> = new Map([
  ["ECONNREFUSED", { reason: "the connection was refused", kind: "connect" }],
  ["EAI_AGAIN", { reason: "its name could not be looked up", kind: "connect" }],
  ["EHOSTUNREACH", { reason: "there is no route to it", kind: "connect" }],
  ["ENETUNREACH", { reason: "there is no network", kind: "connect" }],
  ["ENOTFOUND", { reason: "its name is unknown", kind: "connect" }],
  ["ETIMEDOUT", { reason: "it did not answer", kind: "connect" }],
  ["UND_ERR_CONNECT_TIMEOUT", { reason: "it did not answer", kind: "connect" }],
  ["ECONNRESET", { reason: "the connection was closed by the other side", kind: "transfer" }],
  ["UND_ERR_SOCKET", { reason: "the connection was closed by the other side", kind: "transfer" }],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", unknownAuthority],
  ["SELF_SIGNED_CERT_IN_CHAIN", unknownAuthority],
  ["UNABLE_TO_GET_ISSUER_CERT", unknownAuthority],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", unknownAuthority],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", unknownAuthority],
  ["CERT_HAS_EXPIRED", { reason: "its certificate has expired", kind: "trust" }],
  ["CERT_NOT_YET_VALID", { reason: "its certificate is not valid yet", kind: "trust" }],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    { reason: "its certificate is for another name", kind: "trust" },
  ],
]);

/** From the outermost to what happened first. */
function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

interface Distrust {
  readonly url: string;
  readonly proxy: HttpProxy | undefined;
  readonly reason: string;
  readonly systemCode: string | undefined;
  readonly cause: unknown;
}

/** With a proxy that is itself reached through TLS, Node does not tell whose certificate it was. */
function untrusted({ url, proxy, reason, systemCode, cause }: Distrust): TsmachineError {
  const address = addressOf(url);
  const whose = proxy?.uri.startsWith("https:") ? `${address} or its proxy ${proxy.uri}` : address;
  const hint = {
    [unknownAuthority.reason]: `if you trust the authority of ${whose}, name a PEM file with its certificate: TSMACHINE_CA_FILE=/path/to/ca.pem`,
  }[reason];
  return new TsmachineError("SERVER_UNTRUSTED", `cannot trust ${whose}: ${reason}`, {
    hints: [hint ?? "check this host's clock and name, or name another mirror with --mirror"],
    context: { url: shownUrl(url), systemCode },
    cause,
  });
}
