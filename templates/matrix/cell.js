import { element, factNode } from "./element.js";
import { configSection } from "./kernel-config.js";

/** @typedef {import("../../src/matrix/report/html/page-data.ts").PageData} PageData */
/** @typedef {PageData["cells"][number]} Cell */

/**
 * All that is known of a cell.
 * @param {Cell} cell
 * @param {PageData["kernelConfigs"]} kernelConfigs
 */
export function cellContent(cell, kernelConfigs) {
  const { outcome, symbol, word, meaning, reason, facts, kernelConfig } = cell;
  const mark = element("span", { class: "mark", "data-outcome": outcome }, `${symbol} ${word}`);
  return [
    element("p", {}, mark, ` ${meaning}`),
    ...(reason === "" ? [] : [element("p", { class: "reason" }, reason)]),
    ...(facts.length === 0 ? [] : [element("dl", { class: "facts" }, ...facts.map(factNode))]),
    element("table", { class: "timings" }, element("tbody", {}, ...cell.timings.map(timingRow))),
    ...textSection("Kernel's complaints", cell.splats.join("\n")),
    ...textSection("Output", cell.output),
    ...textSection("Console", cell.console),
    ...(kernelConfig === null ? [] : configSection(kernelConfig, kernelConfigs[kernelConfig])),
  ];
}

/** @param {Cell["timings"][number]} timing */
function timingRow({ step, share, text }) {
  const meter = element("meter", {
    min: "0",
    max: "1",
    value: String(share),
    "aria-label": step,
  });
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, step),
    element("td", {}, meter),
    element("td", {}, text),
  );
}

/** @param {string} title @param {string} text */
function textSection(title, text) {
  if (text === "") return [];
  const lines = text.trimEnd().split("\n").length;
  const summary = element(
    "summary",
    {},
    `${title} `,
    element("small", {}, lines === 1 ? "1 line" : `${lines} lines`),
  );
  const pre = element("pre", { tabindex: "0" }, text);
  return [element("details", { open: "" }, summary, pre)];
}
