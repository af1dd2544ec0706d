import * as z from "zod";
import type { Bench } from "../bench.ts";
import type { Size } from "../measure/size.ts";

const fileSchema = z.object({ size: z.number() });
const imagesSchema = z.array(
  z.object({
    kind: z.string(),
    packages: z.array(fileSchema),
    files: z.record(z.string(), fileSchema),
  }),
);
type Image = z.infer<typeof imagesSchema>[number];

/** What is in the images, built where the cache lacks them; the packages are downloaded then. */
export async function measureSizes(bench: Bench): Promise<readonly Size[]> {
  bench.report("building images of both flavours of the kernel");
  const standard = await build(bench);
  const full = await build(bench, "--kernel", "6.12-full");
  return [
    { what: "packages of both images, downloaded", bytes: downloadBytes([...standard.values()]) },
    {
      what: "boot ISO, cloud kernel",
      bytes: fileBytes(standard, "boot", "boot.iso"),
      atMostMB: 30,
    },
    {
      what: "boot ISO, full kernel with the drivers of all hypervisors",
      ...{ bytes: fileBytes(full, "boot", "boot.iso"), atMostMB: 60 },
    },
    { what: "engine image", bytes: fileBytes(standard, "engine", "engine.iso") },
  ];
}

async function build({ product }: Bench, ...flags: string[]): Promise<ReadonlyMap<string, Image>> {
  const printed = await product.read("iso", "build", "--json", ...flags);
  const images = imagesSchema.parse(JSON.parse(printed));
  return new Map(images.map((image) => [image.kind, image]));
}

function fileBytes(images: ReadonlyMap<string, Image>, kind: string, name: string): number {
  return fileSchema.parse(images.get(kind)?.files[name]).size;
}

function downloadBytes(images: readonly Image[]): number {
  const sizes = images.flatMap(({ packages }) => packages.map(({ size }) => size));
  return sizes.reduce((total, size) => total + size, 0);
}
