// XML 1.0, https://www.w3.org/TR/xml/

/** An element with its attributes, in their order, and what is in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Elements, or text. */
  readonly content: readonly XmlElement[] | string;
}

/** The document with this root. Texts must be free of characters that XML forbids: readableText. */
export function formatXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${formatElement(root, "")}`;
}

function formatElement({ name, attributes, content }: XmlElement, indent: string): string {
  const start = `${indent}<${[name, ...Object.entries(attributes).map(formatAttribute)].join(" ")}`;
  if (content.length === 0) return `${start}/>\n`;
  if (typeof content === "string") return `${start}>${escapeText(content)}</${name}>\n`;
  const children = content.map((child) => formatElement(child, `${indent}  `)).join("");
  return `${start}>\n${children}${indent}</${name}>\n`;
}

function formatAttribute([name, value]: readonly [string, string | number]): string {
  // Readers turn line ends and tabs of attributes into spaces: section 3.3.3.
  const escaped = escapeText(String(value)).replace(
    /["\n\t]/g,
    (character) => `&#${character.codePointAt(0)};`,
  );
  return `${name}="${escaped}"`;
}

/** ">" too, because of "]]>": section 2.4. */
function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
