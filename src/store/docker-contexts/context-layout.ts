import { createHash } from "node:crypto";
import { join } from "node:path";

/**
 * Where docker's CLI keeps a context: folders named by the SHA-256 of the context's name
 * (docker/cli, cli/context/store). `dockerConfig` is the folder DOCKER_CONFIG, usually ~/.docker.
 */
export interface ContextLayout {
  /** The folder with meta.json. */
  readonly meta: string;
  /** The folder with the TLS files of all endpoints. */
  readonly tls: string;
  /** Both folders are made here, then renamed into place: docker's CLI lists all that is in theirs. */
  readonly staging: string;
}

export function contextLayout(dockerConfig: string, name: string): ContextLayout {
  const id = createHash("sha256").update(name).digest("hex");
  const contexts = join(dockerConfig, "contexts");
  return {
    meta: join(contexts, "meta", id),
    tls: join(contexts, "tls", id),
    staging: join(contexts, "tsmachine", id),
  };
}

/** Of the docker CLI's settings, which say which context is the current one. */
export function configPath(dockerConfig: string): string {
  return join(dockerConfig, "config.json");
}
