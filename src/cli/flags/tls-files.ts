import type { TlsFiles } from "../../core/machine/given-authority.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { TlsPaths } from "../cli.ts";

/**
 * What the global flags, or their variables, give for a new machine; undefined for nothing.
 * @throws TsmachineError INVALID_INPUT for a certificate without its key, or a key alone.
 */
export function parseTlsFiles({ ca, caKey, certificate, key }: TlsPaths): TlsFiles | undefined {
  const authority = pairOf("ca", ca, caKey);
  const client = pairOf("client", certificate, key);
  if (authority === undefined && client === undefined) return undefined;
  return {
    ...(authority !== undefined && { authority }),
    ...(client !== undefined && { client }),
  };
}

function pairOf(whose: "ca" | "client", certificate: string, key: string) {
  if (certificate !== "" && key !== "") return { certificate, key };
  if (certificate === "" && key === "") return undefined;
  const [given, missing] = certificate === "" ? ["key", "cert"] : ["cert", "key"];
  throw new TsmachineError(
    "INVALID_INPUT",
    `--tls-${whose}-${given} is given without --tls-${whose}-${missing}`,
    { hints: [`give --tls-${whose}-${missing} too, or leave --tls-${whose}-${given} out`] },
  );
}
