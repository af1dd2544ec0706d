import { Option } from "commander";
import { readAuthorities } from "../../core/trust/read-authorities.ts";
import { collect } from "./flag-value.ts";

export interface CaCertFlag {
  readonly caCert: readonly string[];
}

export function caCertOption(): Option {
  return new Option(
    "--ca-cert <FILE>",
    "certificate of an authority for the engine to trust, such as a registry's; repeatable",
  )
    .argParser(collect)
    .default([], "none");
}

/**
 * What the files hold, as PEM; undefined when none was given, empty for an empty value.
 * @throws TsmachineError those of readAuthorities
 */
export async function readCaCerts({ caCert }: CaCertFlag): Promise<string | undefined> {
  return caCert.length === 0 ? undefined : readAuthorities(caCert);
}
