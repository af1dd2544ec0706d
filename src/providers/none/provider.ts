import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { adoptedCapabilities, openAdopted } from "../adopted.ts";
import type { Json, Provider } from "../provider.ts";
import { endpointAt } from "./endpoint.ts";

const noneRecordSchema = z.object({ version: z.literal(1), url: z.string().min(1) });

const noneOptionsSchema = z.object({
  url: z.string().optional().meta({
    flag: "url",
    prefix: "none",
    valueName: "URL",
    description: "provider none: URL of the engine, which is there already",
  }),
});

/** An engine that is there already and known by its URL alone, as docker-machine's driver "none". */
export function createNoneProvider(): Provider {
  return {
    id: "none",
    aliases: [],
    capabilities: adoptedCapabilities,
    options: noneOptionsSchema,
    check: async () => ({ state: "ready", version: "needs nothing", notes: [] }),
    plan: async (_spec, options) => ({ version: 1, url: chosenUrl(options) }),
    adopt: (driver) => ({ version: 1, url: knownUrl(driver) }),
    open(record) {
      const endpoint = endpointAt(parseRecord(record).url);
      // Whether the engine answers is asked of the engine.
      return openAdopted({ record, endpoint, power: async () => "running" });
    },
    abandon: async () => {},
  };
}

function chosenUrl(options: unknown): string {
  const { url = "" } = noneOptionsSchema.catch({}).parse(options);
  if (url === "") {
    throw new TsmachineError(
      "INVALID_INPUT",
      "--url option is required when no driver is selected",
      { hints: ["give it as in `tsmachine create -d none --url tcp://192.0.2.1:2376 NAME`"] },
    );
  }
  if (/\p{Cc}/u.test(url)) {
    throw new TsmachineError(
      "INVALID_INPUT",
      `--url ${JSON.stringify(url)} has a control character`,
      {
        hints: ["leave it out"],
      },
    );
  }
  return url;
}

function knownUrl(driver: Json): string {
  const result = z.object({ URL: z.string().min(1) }).safeParse(driver);
  if (result.success) return result.data.URL;
  throw new TsmachineError("IMPORT_INVALID", "its configuration names no URL", {
    hints: ["create the machine anew with `tsmachine create -d none --url URL NAME`"],
    cause: result.error,
  });
}

function parseRecord(record: Json): z.infer<typeof noneRecordSchema> {
  const result = noneRecordSchema.safeParse(record);
  if (result.success) return result.data;
  throw new TsmachineError("RECORD_INVALID", "the record of a none machine cannot be understood", {
    hints: ["remove the machine with `tsmachine rm -f`, then create it again"],
    cause: result.error,
  });
}
