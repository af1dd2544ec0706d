import { element } from "./element.js";

/**
 * The configuration of a kernel, unpacked when it is first looked at, with a field to filter its lines.
 * @param {string} release
 * @param {string | undefined} packed gzip, in base64
 */
export function configSection(release, packed) {
  if (packed === undefined) return [];
  const summary = element("summary", {}, "Kernel's configuration ", element("small", {}, release));
  const section = element("details", { class: "config" }, summary);
  section.addEventListener(
    "toggle",
    () => {
      unpack(packed).then(
        (text) => section.append(...filteredText(text)),
        () => section.append(element("p", {}, "It cannot be unpacked.")),
      );
    },
    { once: true },
  );
  return [section];
}

/** @param {string} packed gzip, in base64 */
function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

/** @param {string} text */
function filteredText(text) {
  const lines = text.trimEnd().split("\n");
  const field = element("input", {
    type: "search",
    placeholder: "Filter, as in OVERLAY_FS",
    "aria-label": "Filter",
    autocapitalize: "off",
    spellcheck: "false",
  });
  const count = element("output", {});
  const pre = element("pre", { tabindex: "0" });
  const show = () => {
    const wanted = field instanceof HTMLInputElement ? field.value.trim().toLowerCase() : "";
    const shown = lines.filter((line) => line.toLowerCase().includes(wanted));
    count.textContent = `${shown.length} of ${lines.length} lines`;
    pre.textContent = shown.join("\n");
  };
  field.addEventListener("input", show);
  show();
  return [element("p", { class: "filter" }, field, count), pre];
}
