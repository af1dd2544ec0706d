import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { addressOf, shownUrl } from "./addresses.ts";
import type { HttpProxy } from "./proxies/proxies.ts";
import { proxyConnectFailed, proxyRefused, proxyStatusIn } from "./proxies/proxy-errors.ts";

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
  const codes = causes.flatMap(codeOf);
  const systemCode = codes.find((code) => reasons.has(code)) ?? codes[0];
  const { reason, kind } = reasons.get(systemCode ?? "") ?? unknownReason(causes);
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

const unsuitableCertificate: Reason = {
  reason: "its certificate or that of its authority is not good for a server",
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
  ["ERR_INVALID_URL", { reason: "it leads to what is no address", kind: "transfer" }],
  ["ERR_SSL_WRONG_VERSION_NUMBER", { reason: "it does not speak TLS", kind: "transfer" }],
  ["CERT_CHAIN_TOO_LONG", unsuitableCertificate],
  ["CERT_REJECTED", unsuitableCertificate],
  ["CERT_SIGNATURE_FAILURE", unsuitableCertificate],
  ["CERT_UNTRUSTED", unsuitableCertificate],
  ["INVALID_CA", unsuitableCertificate],
  ["INVALID_PURPOSE", unsuitableCertificate],
  ["PATH_LENGTH_EXCEEDED", unsuitableCertificate],
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

/** In the words of what happened first, of which errors of TLS have several lines. */
function unknownReason(causes: readonly Error[]): Reason {
  const [line = "it failed"] = causes.at(-1)?.message.split("\n") ?? [];
  return { reason: line, kind: "transfer" };
}

function codeOf(error: Error): string[] {
  return "code" in error && typeof error.code === "string" ? [error.code] : [];
}

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
