// Arguments: mirror, cache directory, keys directory, then the wanted packages.
import { openArchive } from "../../../../src/iso/debian/archive.ts";

const [uri = "", cacheDirectory = "", keysDirectory = "", ...wanted] = process.argv.slice(2);
const archive = await openArchive({
  mirrors: [{ uri, origin: "from --mirror" }],
  suite: "trixie",
  architecture: "amd64",
  ...{ cacheDirectory, keysDirectory },
  now: new Date(),
  signal: new AbortController().signal,
  report: () => {},
});
const fetched = await archive.fetch(archive.resolve({ wanted, without: [] }));
const peakMiB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ paths: fetched.map(({ path }) => path), peakMiB }));
