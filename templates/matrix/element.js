// Whatever a report says becomes text of nodes, never markup.

/**
 * The element of page.html with that id.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 */
export function part(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`#${id} is not there or no ${type.name}`);
  return found;
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children strings become text
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * What it is and its value, in a list of such.
 * @param {readonly [string, string]} fact
 */
export function factNode([name, value]) {
  return element("div", {}, element("dt", {}, name), element("dd", {}, value));
}
