import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandTable } from "../../../src/cli/command-table.ts";
import { projectFolder } from "../../support/project-files.ts";
import { tableRows } from "./tables.ts";

test("each of docker-machine's commands that its page lists is one of the program", async () => {
  const page = await readFile(join(projectFolder, "docs/docker-machine.md"), "utf8");
  const names = tableRows(page, "docker-machine's command").map(([name]) => name);
  const commands = [...Object.keys(commandTable), "help"];
  expect(names.filter((name = "") => !commands.includes(name))).toEqual([]);
  expect(names).toContain("create");
});

test("the README's table of commands is that of the program", async () => {
  const readme = await readFile(join(projectFolder, "README.md"), "utf8");
  const commands = Object.entries(commandTable).map(([name, { summary }]) => [name, summary]);
  expect(tableRows(readme, "command")).toEqual(commands);
});
