import { join } from "node:path";

// The build puts the version of package.json here: reading the file would cost every command.
declare const TSMACHINE_VERSION: string;

export const packageVersion = typeof TSMACHINE_VERSION === "string" ? TSMACHINE_VERSION : "0.0.0";

/** The package's folder templates/: the built program is in dist/, its sources in src/cli/. */
export function templatesFolder(): string {
  const isBuilt = typeof TSMACHINE_VERSION === "string";
  return join(import.meta.dirname, isBuilt ? "../templates" : "../../templates");
}
