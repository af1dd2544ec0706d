import { parseJson } from "../bytes/parse-json.ts";
import { readTextIfPresent } from "../host/files/files.ts";
import { machineLayout } from "./layout.ts";

/**
 * Whether the machine's record says that it is protected, also where this program does not understand the rest of it, as of a
 * newer one's. @throws TsmachineError NAME_INVALID
 */
export async function isProtected(root: string, name: string): Promise<boolean> {
  const record = parseJson((await readTextIfPresent(machineLayout(root, name).record)) ?? "");
  return (
    typeof record === "object" &&
    record !== null &&
    "isProtected" in record &&
    record.isProtected === true
  );
}
