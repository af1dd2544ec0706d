import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What the page is put together from. */
export interface PageTemplate {
  readonly html: string;
  readonly css: string;
  /** One script, which needs no others. */
  readonly js: string;
}

/** Each comes after those that it imports from. */
const scripts = ["element.js", "kernel-config.js", "cell.js", "grid.js", "page.js"];

/** Reads templates/matrix. @param templates the folder templates/ */
export async function readPageTemplate(templates: string): Promise<PageTemplate> {
  const read = (name: string) => readFile(join(templates, "matrix", name), "utf8");
  const [html, css, ...modules] = await Promise.all(
    ["page.html", "page.css", ...scripts].map(read),
  );
  if (html === undefined || css === undefined) throw new Error("the page's template is not whole");
  return { html, css, js: joinModules(modules) };
}

/**
 * The modules as one script, because browsers load none by file:. Imports, each on a line, go, and what was
 * exported is found in the same function.
 */
function joinModules(modules: readonly string[]): string {
  const bodies = modules.map((text) =>
    text.replace(/^import .*;\n/gm, "").replace(/^export (?=function )/gm, ""),
  );
  return `"use strict";\n(() => {\n${bodies.join("\n")}})();\n`;
}
