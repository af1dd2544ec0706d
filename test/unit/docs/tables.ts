/**
 * The rows of every table in a Markdown text whose first heading is this one, as cells without
 * code marks.
 */
export function tableRows(markdown: string, firstHeading: string): string[][] {
  const rows: string[][] = [];
  let isInside = false;
  for (const line of markdown.split("\n")) {
    const cells = cellsOf(line);
    if (cells === undefined) isInside = false;
    else if (isInside) rows.push(cells);
    else isInside = cells[0] === firstHeading;
  }
  return rows.filter((cells) => !cells.every((cell) => /^:?-+:?$/.test(cell)));
}

function cellsOf(line: string): string[] | undefined {
  if (!/^\|.*\|$/.test(line)) return undefined;
  return line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim().replace(/^`(.*)`$/, "$1"));
}
