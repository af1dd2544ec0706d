import type { ImageContents } from "../../../core/images/inspect.ts";
import type { ImageUse } from "../../../core/images/uses.ts";
import { alignColumns } from "../../output/table.ts";
import { formatBytes } from "../../tasks/amounts.ts";

/** An image as lines of text: what it is, then its files, then what is in it. */
export async function describeForPeople(
  image: ImageContents & ImageUse & { readonly directory: string },
): Promise<string> {
  const { kind, key, version, architecture, releases, files, packages, inputs } = image;
  const mainSuite = releases[0]?.suite ?? "";
  const facts = await alignColumns([
    [kind === "boot" ? "kernel" : "engine", version],
    ["architecture", architecture],
    ...releases.map(({ suite, date }) => ["release", `${suite} of ${date}`]),
    ["current", image.isCurrent ? "yes" : "no"],
    ["machines", image.machines.length > 0 ? image.machines.join(" ") : "none"],
    ["folder", image.directory],
    ["size", formatBytes(image.sizeBytes)],
  ]);
  const fileTable = await alignColumns([
    ["FILE", "SIZE", "SHA-256"],
    ...Object.entries(files).map(([name, { size, sha256 }]) => [name, formatBytes(size), sha256]),
  ]);
  const packageTable = await alignColumns([
    ["PACKAGE", "VERSION", "ARCH", "SUITE", "ARCHIVE"],
    ...packages.map((item) => {
      const { name, suite = mainSuite, archive = "debian" } = item;
      return [name, item.version, item.architecture, suite, archive];
    }),
    ...inputs.map(({ name, sha256 }) => [name, `sha256:${sha256}`, "", "", "(a file of yours)"]),
  ]);
  return [`${kind} image ${key}\n${facts}`, fileTable, packageTable].join("\n");
}
