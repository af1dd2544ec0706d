import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { filesBelow, projectFolder } from "../../support/project-files.ts";

test("every link to a file, and to a heading in it, leads somewhere", async () => {
  const broken: string[] = [];
  for (const page of await pages()) {
    for (const target of linksIn(await textOf(page))) {
      if (!(await leadsSomewhere(page, target))) broken.push(`${page}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

test("every path of the repository that is named in code marks is there", async () => {
  const missing: string[] = [];
  for (const page of await pages()) {
    const names = (await textOf(page)).matchAll(
      /`((?:src|templates|test|scripts|docs|bin)\/[^`]*)`/g,
    );
    for (const [, name = ""] of names) {
      // Patterns and placeholders stand for many paths.
      if (/[*A-Z{ ]/.test(name.replace(/PROVENANCE\.md|README\.md/, ""))) continue;
      if (!(await isPresent(join(projectFolder, name)))) missing.push(`${page}: ${name}`);
    }
  }
  expect(missing).toEqual([]);
});

test("every decision record is numbered without a gap and has its four parts", async () => {
  const names = await filesBelow(join(projectFolder, "docs/adr"), ".md");
  const numbers = names.map((name) => Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1]));
  expect(numbers).toEqual(names.map((_, index) => index + 1));
  for (const name of names) {
    const headings = headingsIn(await textOf(`docs/adr/${name}`)).slice(1);
    expect(headings, name).toEqual([
      "Context",
      "Decision",
      "Consequences",
      "What would change our mind",
    ]);
  }
});

async function pages(): Promise<string[]> {
  const inDocs = await filesBelow(join(projectFolder, "docs"), ".md");
  return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...inDocs.map((name) => `docs/${name}`)];
}

function linksIn(text: string): string[] {
  const links = withoutCodeBlocks(text).matchAll(/\]\(([^)\s]+)\)/g);
  return Array.from(links, ([, target = ""]) => target).filter(
    (target) => !/^https?:/.test(target),
  );
}

async function leadsSomewhere(page: string, target: string): Promise<boolean> {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  if (!(await isPresent(join(projectFolder, file)))) return false;
  return (
    anchor === undefined ||
    headingsIn(await textOf(file))
      .map(anchorOf)
      .includes(anchor)
  );
}

function headingsIn(text: string): string[] {
  return Array.from(withoutCodeBlocks(text).matchAll(/^#+ (.*)$/gm), ([, title = ""]) => title);
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function withoutCodeBlocks(text: string): string {
  return text.replace(/^```.*?^```/gms, "");
}

function textOf(path: string): Promise<string> {
  return readFile(join(projectFolder, path), "utf8");
}

async function isPresent(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
