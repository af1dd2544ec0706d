// Control files of Debian: https://manpages.debian.org/trixie/dpkg-dev/deb822.5.en.html

/** Fields by lower-case name. Lines of a value are separated by "\n", without their indentation. */
export type Paragraph = ReadonlyMap<string, string>;

/** The paragraphs of a text; comments and lines that are no field are left out. */
export function parseParagraphs(text: string): Paragraph[] {
  return text
    .split(/\n(?:[ \t]*\n)+/)
    .map(parseParagraph)
    .filter((paragraph) => paragraph.size > 0);
}

export function parseParagraph(text: string): Paragraph {
  const lines = new Map<string, string[]>();
  let value: string[] | undefined;
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) continue;
    const [, name, first = ""] = /^([^\s:]+):(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      value = [first.trim()];
      lines.set(name.toLowerCase(), value);
    } else if (/^[ \t]+\S/.test(line)) {
      value?.push(line.trim());
    }
  }
  return new Map(Array.from(lines, ([name, value]) => [name, value.join("\n").trim()]));
}

export function words(value: string | undefined): string[] {
  return value?.split(/\s+/).filter((word) => word !== "") ?? [];
}
