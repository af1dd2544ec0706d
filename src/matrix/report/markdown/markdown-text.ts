// GitHub Flavored Markdown, https://github.github.com/gfm/

/**
 * The text as it reads, in a paragraph, a table's cell or HTML: whatever means something to Markdown
 * becomes a numeric entity, which is never taken for markup (section 6.2) and which HTML knows too.
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#|~!&$@"]/g, (character) => `&#${character.codePointAt(0)};`);
}

/** The lines as a block of code, between fences that are longer than any in it: section 4.5. */
export function codeBlock(lines: readonly string[]): string[] {
  const runs = lines.join("\n").match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(2, ...runs.map((run) => run.length)) + 1);
  return [`${fence}text`, ...lines, fence];
}
