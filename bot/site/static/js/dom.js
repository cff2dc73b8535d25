/** Small tools to build the page. Text always goes in as text nodes: nothing a person writes becomes markup. */

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = document.documentElement.dataset.icons;

/**
 * Builds an element. In `props`, functions are listeners by event name, `class` and names with a dash or `role`
 * are attributes, the rest are properties. Children that are null, false or "" are left out.
 * @param {string} tag
 * @param {Object} [props]
 * @param {...(Node|string|null|false)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (name === "class" || name === "role" || name.includes("-")) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

/**
 * One icon of the sprite, hidden from screen readers.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * The elements marked data-part inside `root`, by name.
 * @param {Element} root
 * @returns {Object<string, HTMLElement>}
 */
export function partsOf(root) {
  return Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
}

/** A name for a message that no other device makes. Works without a secure context, unlike randomUUID. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * A file size for people: "830 B", "12 kB", "3,4 MB".
 * @param {number} bytes
 */
export function sizeText(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`;
}
