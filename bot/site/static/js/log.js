/** The list of messages: order, days, and where the reader is. */

import { dayKey, dayText } from "./dates.js";
import { h } from "./dom.js";

const NEAR = 90; // pixels from the end that still count as reading the end
const MARGIN = 10; // pixels above a message that is read from its beginning

/**
 * @param {HTMLElement} log the scrolling element
 * @param {HTMLElement} newer the button that leads to new messages
 * @param {function(): number} now the server's time in milliseconds
 */
export function createLog(log, newer, now) {
  const separators = new Map();
  let atEnd = true;
  let left = 0; // where toEnd left the reader

  const look = () => (atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR);

  /** To the end; where the last message does not fit, to its beginning, so that it is read from there. */
  function toEnd() {
    const last = log.lastElementChild;
    log.scrollTop = last && last.offsetHeight > log.clientHeight ? last.offsetTop - MARGIN : log.scrollHeight;
    left = log.scrollTop;
    newer.hidden = true;
    look();
  }

  function separator(at) {
    const key = dayKey(at);
    if (!separators.has(key)) separators.set(key, h("p", { class: "day" }, h("span", {})));
    const node = separators.get(key);
    const text = dayText(at, now());
    if (node.textContent !== text) node.firstChild.textContent = text;
    return node;
  }

  log.addEventListener("scroll", () => look() && (newer.hidden = true), { passive: true });
  newer.addEventListener("click", () => {
    toEnd();
    log.focus();
  });
  new ResizeObserver(() => atEnd && log.scrollTo(0, log.scrollHeight)).observe(log);

  /**
   * Shows exactly these entries, in this order, moving as few nodes as possible.
   * @param {{at: ?number, node: HTMLElement}[]} entries without a time, under no day
   * @param {boolean} follow go to the end even if the reader is elsewhere
   */
  return function show(entries, follow) {
    const nodes = [];
    for (const { at, node } of entries) {
      const day = at && separator(at);
      if (day && !nodes.includes(day)) nodes.push(day);
      nodes.push(node);
    }
    const wanted = new Set(nodes);
    let grew = false;
    for (const node of [...log.children]) if (!wanted.has(node)) node.remove();
    nodes.forEach((node, index) => {
      if (log.children[index] === node) return;
      grew = true;
      log.insertBefore(node, log.children[index] ?? null);
    });
    if (follow || atEnd || Math.abs(log.scrollTop - left) < 2) toEnd();
    else if (grew) newer.hidden = false;
  };
}
