import stringWidth from "string-width";

/** How many columns of a terminal the text takes. The library is slow, and needed only beyond ASCII. */
export function columnsOf(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
}

/** Blanks up to that many columns of a terminal. */
export function padTo(columns: number, text: string): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** Cut off with "…" to take no more than that many columns of a terminal. */
export function cutTo(columns: number, text: string): string {
  if (columnsOf(text) <= columns) return text;
  if (columns < 1) return "";
  let kept = "";
  let left = columns - 1;
  for (const { segment } of segmenter.segment(text)) {
    left -= columnsOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}

const segmenter = new Intl.Segmenter();

export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(columnsOf));
}
