import { Command, Option } from "commander";
import { describeContents, findImages } from "../../../core/images/inspect.ts";
import { readImageUses } from "../../../core/images/uses.ts";
import { formatLockFile } from "../../../iso/images/lock-file.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { describeForPeople } from "./describe.ts";

interface InspectFlags {
  readonly json?: boolean;
  readonly lock?: boolean;
  /** True when the flag was given without a value. */
  readonly sbom?: true | "spdx" | "cyclonedx";
}

export const inspectCommand: CommandFactory = (cli) => {
  const command = new Command("inspect")
    .description("Print what images are made of.")
    .argument("[image]", "an image's key or a machine; the images that `create` uses unless given")
    .addOption(
      new Option("--sbom [FORM]", "print a bill of materials as JSON: SPDX 2.3 or CycloneDX 1.6")
        .choices(["spdx", "cyclonedx"])
        .conflicts(["lock"]),
    )
    .option("--lock", "print the lock, of which `iso build --lock` makes the images again")
    .option("--json", "print JSON");
  return command.action((name?: string) => inspect(cli, name, command.opts<InspectFlags>()));
};

async function inspect(cli: Cli, name: string | undefined, flags: InspectFlags): Promise<void> {
  const { output, version } = cli;
  await cli.withContext(
    async (context) => {
      const images = await findImages(context, name);
      const manifests = images.map(({ manifest }) => manifest);
      if (flags.lock) {
        output.stdout.write(formatLockFile(manifests.map(({ lock }) => lock)));
        return;
      }
      if (flags.sbom !== undefined) {
        const { billOfMaterials } = await import("../../../iso/sbom/bill-of-materials.ts");
        const form = flags.sbom === true ? "spdx" : flags.sbom;
        printJson(output, billOfMaterials(manifests, version, form));
        return;
      }
      const useOf = await readImageUses(context);
      const described = images.map((image) => {
        const contents = describeContents(image);
        const { directory } = image;
        return { ...contents, directory, ...useOf(contents.kind, contents.key) };
      });
      if (flags.json) printJson(output, described);
      else output.stdout.write((await Promise.all(described.map(describeForPeople))).join("\n"));
    },
    { progress: "silent" },
  );
}
