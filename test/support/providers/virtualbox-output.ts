import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../project-files.ts";

/** What a real VBoxManage has printed, see test/fixtures/virtualbox/README.md. */
export function recordedOutput(name: string, version = "7.2.22"): string {
  return readFileSync(join(projectFolder, "test/fixtures/virtualbox", version, name), "utf8");
}
