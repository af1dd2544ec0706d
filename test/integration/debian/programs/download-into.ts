// Arguments: URL, path. Prints the code of the error, or "stored".
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { download } from "../../../../src/host/download/download.ts";

const [url = "", path = ""] = process.argv.slice(2);
const outcome = await download({ url, path, signal: new AbortController().signal }).then(
  () => "stored",
  (error) => (error instanceof TsmachineError ? error.code : String(error)),
);
process.stdout.write(outcome);
