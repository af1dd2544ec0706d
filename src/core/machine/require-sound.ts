import { serverSubjectNames } from "../../certs/subject-names.ts";
import { daemonConfiguration } from "../engine/daemon-configuration.ts";
import type { CreateRequest } from "./create.ts";

/**
 * Refuses, before anything is made, what would be refused only when the seed image is written.
 * @throws TsmachineError INVALID_INPUT
 */
export function requireSound({
  name,
  providerId,
  engine,
  tlsSans,
}: Pick<CreateRequest, "name" | "providerId" | "engine" | "tlsSans">): void {
  daemonConfiguration({ engine, provider: { id: providerId }, engineVersion: "unknown" });
  serverSubjectNames({ name, address: "127.0.0.1", tlsSans });
}
