import type { MachineRow } from "../../../core/look/list-machines.ts";
import { alignColumns } from "../../output/table.ts";
import type { Template } from "../../templates/nodes.ts";
import { parseTemplate } from "../../templates/parse-template.ts";
import { renderTemplate } from "../../templates/render-template.ts";
import { type GoObject, structType } from "../../templates/values.ts";
import { activityOf, describeActivity } from "./activity.ts";
import { engineOptionsOf, swarmOptionsOf } from "./docker-machine-options.ts";

/** What --format of `ls` says. */
export interface LsFormat {
  readonly template: Template;
  /** Whether it began with "table": tabs make columns, under headers. */
  readonly isTable: boolean;
}

/** @throws TsmachineError TEMPLATE_INVALID */
export function parseLsFormat(format: string): LsFormat {
  const isTable = format.startsWith(tablePrefix);
  const line = format.slice(isTable ? tablePrefix.length : 0).replace(/^ +| +$/g, "");
  const source = line.replaceAll("\\t", "\t").replaceAll("\\n", "\n");
  return { template: parseTemplate(`${source}\n`), isTable };
}

const tablePrefix = "table";

/** @throws TsmachineError TEMPLATE_INVALID for a field that rows lack */
export async function formatRows(
  { template, isTable }: LsFormat,
  rows: readonly MachineRow[],
  dockerHost: string | undefined,
): Promise<string> {
  const text = rows.map((row) => renderTemplate(template, itemOf(row, dockerHost))).join("");
  if (!isTable) return text;
  const lines = `${renderTemplate(template, headers)}${text}`.replace(/\n$/, "").split("\n");
  return alignColumns(lines.map((line) => line.split("\t")));
}

/** docker-machine's HostListItem. */
function itemOf(row: MachineRow, dockerHost: string | undefined): GoObject {
  // A machine whose record cannot be read has options that say nothing: it must not hide the others.
  const { record = {} } = row;
  const activity = activityOf(row, dockerHost);
  return {
    [structType]: "commands.HostListItem",
    Name: row.name,
    Active: describeActivity(activity),
    ActiveHost: activity.host,
    ActiveSwarm: activity.swarm,
    DriverName: row.driver,
    State: row.status,
    URL: row.url,
    SwarmOptions: { [structType]: "*swarm.Options", ...swarmOptionsOf(record) },
    Swarm: row.swarm,
    EngineOptions: { [structType]: "*engine.Options", ...engineOptionsOf(record) },
    Error: row.error,
    DockerVersion: row.engineVersion,
    ResponseTime: goDuration(row.responseMs),
  };
}

const headers: GoObject = {
  Name: "NAME",
  Active: "ACTIVE",
  ActiveHost: "ACTIVE_HOST",
  ActiveSwarm: "ACTIVE_SWARM",
  DriverName: "DRIVER",
  State: "STATE",
  URL: "URL",
  SwarmOptions: "SWARM_OPTIONS",
  Swarm: "SWARM",
  EngineOptions: "ENGINE_OPTIONS",
  Error: "ERRORS",
  DockerVersion: "DOCKER",
  ResponseTime: "RESPONSE",
};

/** As Go prints a time.Duration: "0s", "12ms", "1.5s", "1m10s". */
export function goDuration(milliseconds: number): string {
  if (milliseconds === 0) return "0s";
  if (milliseconds < 1000) return `${milliseconds}ms`;
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = `${(milliseconds % 60_000) / 1000}s`;
  if (minutes === 0) return seconds;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes}m${seconds}` : `${hours}h${minutes % 60}m${seconds}`;
}
