import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { publishedCmdletsFile } from "../../../../scripts/verify/published-cmdlets.ts";
import { projectFolder } from "../../project-files.ts";
import type { Cmdlet, Cmdlets, ParameterSet } from "./cmdlet.ts";
import { strictModeCmdlet } from "./strict-mode.ts";

const path = join(projectFolder, publishedCmdletsFile);

export const hasPublishedCmdlets = existsSync(path);

/** Appended to the titles of tests that need them, so that their skip is an allowed one. */
export const unlessPublished = "(skipped where the published parameter sets are not)";

const memberSchema = z.object({
  n: z.string(),
  r: z.literal(1).optional(),
  p: z.number().optional(),
});
const parameterSchema = z.object({
  type: z.string(),
  values: z.array(z.string()).optional(),
  aliases: z.array(z.string()).default([]),
  /** "ByValue", "ByPropertyName, ByValue" */
  pipeline: z
    .string()
    .default("")
    .transform((text) => text.split(", ").filter((way) => way !== ""))
    .pipe(z.array(z.enum(["ByValue", "ByPropertyName"]))),
});
const fileSchema = z.object({
  cmdlets: z.record(
    z.string(),
    z.object({
      module: z.string().optional(),
      def: z.string(),
      sets: z.record(z.string(), z.array(memberSchema)),
      params: z.record(z.string(), parameterSchema),
    }),
  ),
});

type PublishedCmdlet = z.infer<typeof fileSchema>["cmdlets"][string];

/** The cmdlets of Hyper-V and of Windows PowerShell 5.1 that are published, and the few that are not. */
export async function readPublishedCmdlets(): Promise<Cmdlets> {
  const { cmdlets } = fileSchema.parse(JSON.parse(await readFile(path, "utf8")));
  const published = Object.entries(cmdlets).map(([name, cmdlet]) => cmdletOf(name, cmdlet));
  return new Map(
    [...published, strictModeCmdlet].map((cmdlet) => [cmdlet.name.toLowerCase(), cmdlet]),
  );
}

function cmdletOf(name: string, { module, def, sets, params }: PublishedCmdlet): Cmdlet {
  const parameters = Object.entries(params).map(([name, { type, values, aliases, pipeline }]) => ({
    ...{ name, type, values, aliases, input: pipeline },
  }));
  return {
    ...{ name, module, defaultSet: def, hasCommonParameters: true },
    parameters: new Map(parameters.map((parameter) => [parameter.name.toLowerCase(), parameter])),
    sets: Object.entries(sets).map(([name, members]) => setOf(name, members)),
  };
}

function setOf(name: string, members: readonly z.infer<typeof memberSchema>[]): ParameterSet {
  return {
    name,
    members: new Map(
      members.map(({ n, r, p }) => [n.toLowerCase(), { isMandatory: r === 1, position: p }]),
    ),
  };
}
