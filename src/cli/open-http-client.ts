import type { HttpClient } from "../host/download/http-client.ts";
import type { Config } from "../store/config.ts";
import type { ProcessParts } from "./cli.ts";

export interface HttpClientSources {
  readonly environment: ProcessParts["environment"];
  readonly config: Config;
}

/** The way to the network that the environment and the store's settings ask for. */
export async function openHttpClient({
  environment,
  config,
}: HttpClientSources): Promise<HttpClient> {
  const { createHttpClient } = await import("../host/download/http-client.ts");
  return createHttpClient({ environment, caFile: caFileOf({ environment, config }) });
}

export function caFileOf({ environment, config }: HttpClientSources) {
  const named = environment.TSMACHINE_CA_FILE;
  if (named) return { path: named, origin: "TSMACHINE_CA_FILE" };
  if (config.caFile === undefined) return undefined;
  return { path: config.caFile, origin: "caFile in config.json" };
}
