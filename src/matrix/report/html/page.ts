import { createHash } from "node:crypto";
import type { Report } from "../report.ts";
import { pageData } from "./page-data.ts";
import type { PageTemplate } from "./page-template.ts";

/**
 * The report as one HTML page that needs nothing else, neither files nor a network. What the report
 * says is in it as JSON, of which the page's script makes text and never markup. A policy of the page's
 * own keeps everything but its style and its script from being run or fetched.
 */
export function formatPage(report: Report, { html, css, js }: PageTemplate): string {
  const data = pageData(report);
  const policy = contentSecurityPolicy({ css, js });
  const replacements = {
    "<title>A report of a matrix</title>": `<title>${escapeHtml(data.title)} – kernels × engines</title>`,
    '<link rel="stylesheet" href="page.css">': `<meta http-equiv="Content-Security-Policy" content="${policy}">\n<style>${css}</style>`,
    '<script src="page.js"></script>': `<script type="application/json" id="data">${embeddedJson(data)}</script>\n<script>${js}</script>`,
  };
  return Object.entries(replacements).reduce(replaceOnce, html);
}

/** The template is a page of its own, in which these elements stand for what is put there. */
function replaceOnce(html: string, [element, content]: readonly [string, string]): string {
  const [before, after, ...more] = html.split(element);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`the page's template must have ${element} once`);
  }
  return `${before}${content}${after}`;
}

/** https://www.w3.org/TR/CSP3/: hashes are over exactly what is between the tags. */
function contentSecurityPolicy({ css, js }: Pick<PageTemplate, "css" | "js">): string {
  return [
    "default-src 'none'",
    `style-src '${integrity(css)}'`,
    `script-src '${integrity(js)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function integrity(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** Without "<", nothing in it can end the element that it is in, or begin a comment. */
function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
