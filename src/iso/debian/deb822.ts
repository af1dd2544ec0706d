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
  const fields = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) continue;
    const field = /^([^\s:]+):[ \t]*(.*)$/.exec(line);
    if (field) {
      name = field[1]?.toLowerCase() ?? "";
      fields.set(name, field[2]?.trim() ?? "");
    } else if (name !== undefined && /^[ \t]/.test(line)) {
      fields.set(name, `${fields.get(name)}\n${line.trim()}`.trim());
    }
  }
  return fields;
}

export function words(value: string | undefined): string[] {
  return value?.split(/\s+/).filter((word) => word !== "") ?? [];
}
