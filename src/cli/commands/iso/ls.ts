import { Command } from "commander";
import { listImages } from "../../../iso/images/image-cache.ts";
import type { CommandFactory } from "../../cli.ts";
import { printImages } from "./print-images.ts";

export const lsCommand: CommandFactory = (cli) => {
  const command = new Command("ls")
    .description("List the images in the cache.")
    .option("--json", "print JSON");
  return command.action(async () => {
    const images = await cli.withContext(({ store }) => listImages(store.layout.cache), {
      progress: "silent",
    });
    printImages(
      cli,
      images.map(({ manifest }) => manifest),
      command.opts<{ json?: boolean }>().json,
    );
  });
};
