import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectFolder, sourceFiles } from "../../support/project-files.ts";

test("zod is imported as a namespace, of which the bundle has only what is used", async () => {
  const others: string[] = [];
  for (const path of await sourceFiles()) {
    const text = await readFile(join(projectFolder, "src", path), "utf8");
    if (/^import (type )?\{.*\} from "zod";$/m.test(text)) others.push(path);
  }
  expect(others).toEqual([]);
});
