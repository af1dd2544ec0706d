import { element } from "./element.js";

/** @typedef {import("../../src/matrix/report/html/page-data.ts").PageData} PageData */
/** @typedef {PageData["grids"][number]} Grid */
/** @typedef {PageData["cells"]} Cells */

/**
 * Kernels × engines, with a button for each cell that leads to its address.
 * @param {Grid} grid
 * @param {Cells} cells
 */
export function gridSection({ title, engines, rows }, cells) {
  const corner = element("th", { class: "corner" }, "kernel \\ engine");
  const columns = engines.map((engine) => element("th", { scope: "col" }, engine));
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, corner, ...columns)),
    element("tbody", {}, ...rows.map((row) => gridRow(row, cells))),
  );
  const frame = element(
    "div",
    { class: "frame", tabindex: "0", role: "group", "aria-label": title },
    table,
  );
  return element("section", {}, element("h2", {}, title), frame);
}

/** @param {Grid["rows"][number]} row @param {Cells} cells */
function gridRow({ kernel, places }, cells) {
  const buttons = places.map((place) =>
    element("td", {}, ...(place === null ? [] : cellButton(cells[place]))),
  );
  return element("tr", {}, element("th", { scope: "row" }, kernel), ...buttons);
}

/** @param {Cells[number] | undefined} cell */
function cellButton(cell) {
  if (cell === undefined) return [];
  const { outcome, symbol, word, title, address } = cell;
  const button = element(
    "button",
    {
      type: "button",
      "data-outcome": outcome,
      "aria-label": `${title}: ${word}`,
      title: cell.reason,
    },
    element("span", { class: "symbol", "aria-hidden": "true" }, symbol),
    element("span", { class: "word" }, word),
  );
  button.addEventListener("click", () => {
    location.hash = address;
  });
  return [button];
}
