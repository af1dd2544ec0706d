import { cellContent } from "./cell.js";
import { element, factNode, part } from "./element.js";
import { gridSection } from "./grid.js";

/** @typedef {import("../../src/matrix/report/html/page-data.ts").PageData} PageData */

/** @type {PageData} */
const data = JSON.parse(part("data", HTMLScriptElement).text);
const dialog = part("cell", HTMLDialogElement);

part("title", HTMLElement).textContent = data.title;
part("facts", HTMLElement).append(...data.facts.map(factNode));
part("tally", HTMLElement).append(...data.legend.map(tallyEntry));
part("grids", HTMLElement).append(...data.grids.map((grid) => gridSection(grid, data.cells)));
part("legend", HTMLElement).append(...data.legend.map(legendEntry));

part("close", HTMLButtonElement).addEventListener("click", leaveCell);
dialog.addEventListener("click", (event) => {
  // Its children fill it: what is the dialog itself is the space around it.
  if (event.target === dialog) leaveCell();
});
// Not "close", which comes when another cell's address may be there already.
dialog.addEventListener("cancel", leaveAddress);

// The cell that is shown is part of the address: it can be linked to, and "back" leaves it.
addEventListener("hashchange", showAddressed);
showAddressed();

function showAddressed() {
  const address = location.hash.slice(1);
  const cell = data.cells.find((candidate) => candidate.address === address);
  if (cell === undefined) {
    dialog.close();
    return;
  }
  part("cell-title", HTMLElement).textContent = cell.title;
  part("cell-body", HTMLElement).replaceChildren(...cellContent(cell, data.kernelConfigs));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

function leaveCell() {
  leaveAddress();
  dialog.close();
}

function leaveAddress() {
  history.replaceState(null, "", "#");
}

/** @param {PageData["legend"][number]} entry */
function tallyEntry({ outcome, symbol, count }) {
  return element("li", { class: "mark", "data-outcome": outcome }, `${symbol} ${count} ${outcome}`);
}

/** @param {PageData["legend"][number]} entry */
function legendEntry({ outcome, symbol, meaning }) {
  const mark = element("span", { class: "mark", "data-outcome": outcome }, `${symbol} ${outcome}`);
  return element("div", {}, element("dt", {}, mark), element("dd", {}, meaning));
}
