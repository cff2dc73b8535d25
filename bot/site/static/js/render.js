/** From one message to its place on the page. */

import { timeText } from "./dates.js";
import { h, icon, sizeText } from "./dom.js";
import { enlarge } from "./viewer.js";

const MANY = 8; // more buttons than this scroll inside the message
const SHORT = 18; // letters; a list whose labels are all shorter is laid in a row
// A link, a command, or a folio ("A04-2022-05-0007"), which stays on one line.
const SPECIAL = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])|(^|[\s(])(\/[a-záéíóúñ]{3,24})(?![\w/]|\.\w)|\bA\d\d-[\w-]+/giu;

const DARK = matchMedia("(prefers-color-scheme: dark)"); // the server draws pictures for both

/** Text with its links, and with its commands ("/reportar") as buttons that say them. */
function textNodes(text, say) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(SPECIAL)) {
    const [found, link, before = "", command] = match;
    nodes.push(text.slice(end, match.index) + before);
    if (link) nodes.push(h("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, link));
    else if (command) nodes.push(h("button", { type: "button", class: "command", click: () => say(command) }, command));
    else nodes.push(h("span", { class: "folio" }, found));
    end = match.index + found.length;
  }
  return [...nodes, text.slice(end)];
}

function pictureNode(url, alt, width, height) {
  const image = h("img", { src: url, alt, width, height, loading: "lazy", decoding: "async" });
  image.style.setProperty("--ratio", width / height); // its room is kept before it arrives
  return h("button", { type: "button", class: "picture", title: "Ampliar", click: () => enlarge(url, alt) }, image);
}

/** A picture of the server's: figures to be read, of which the upper part is shown. */
function sheetNode({ url, alt, width, height }) {
  const node = pictureNode(url + (DARK.matches ? "?dark=1" : ""), alt, width, height);
  node.append(icon("expand"));
  return node;
}

/** A file of the server's, to be kept. */
function documentNode({ url, name, size, caption }) {
  return h(
    "a", { class: "document", href: url, download: name },
    icon("download"), h("span", {}, name, h("small", {}, `${caption} · ${sizeText(size)}`)));
}

function buttonsNode(buttons, press) {
  const many = buttons.length > MANY;
  const row = !many && buttons.every(({ label }) => label.length < SHORT);
  const node = h("div", { class: `buttons${row ? " row" : ""}${many ? " many" : ""}`, role: "group", "aria-label": "Opciones" });
  for (const button of buttons) {
    const pressed = (event) => {
      event.currentTarget.classList.add("pressed");
      press(button);
    };
    node.append(h("button", { type: "button", click: pressed }, button.label));
  }
  return node;
}

const timeNode = (at) => h("time", { dateTime: new Date(at).toISOString() }, timeText(at));

/**
 * A message of the server.
 * @param {Object} message as in the history
 * @param {{say: function(string): void, press: function(Object): void}} act
 */
export function receivedNode(message, act) {
  const { text, picture, document: file, buttons } = message;
  return h(
    "div", { class: "message received" },
    h("div", { class: "bubble" },
      h("span", { class: "unseen" }, "Chasqui: "),
      picture && sheetNode(picture),
      text && h("p", { class: "words" }, ...textNodes(text, act.say)),
      file && documentNode(file),
      h("p", { class: "meta" }, timeNode(Date.parse(message.at)))),
    buttons.length > 0 && buttonsNode(buttons, act.press));
}

/** A file of an own message: the picture if the browser can show it, else its name and size. */
export function fileNode(file) {
  if (file.thumb) return pictureNode(URL.createObjectURL(file.thumb), file.name, file.width, file.height);
  const name = file.type.startsWith("audio/") ? "mic" : "file";
  return h("p", { class: "file" }, icon(name), h("span", {}, file.name), h("small", {}, sizeText(file.size)));
}

/** An own message; `updateOwn` fills in how it is faring. */
export function ownNode(record) {
  return h(
    "div", { class: "message own" },
    h("div", { class: "bubble" },
      h("span", { class: "unseen" }, "Usted: "),
      record.files.length > 0 && h("div", { class: "files" }, ...record.files.map(fileNode)),
      record.place && h("p", { class: "file" }, icon("place"), h("span", {}, record.place.replace(",", ", "))),
      record.text && h("p", { class: "words" }, record.text),
      h("p", { class: "meta" }, timeNode(record.at), h("span", { class: "state" }))),
    h("div", { class: "fate" }));
}

const STATES = { pending: ["clock", "Por enviar"], sent: ["check", "Recibido"], failed: ["warning", "No se recibió"] };

/**
 * Shows the state of an own message. Does nothing when it has not changed, so that screen readers stay quiet.
 * @param {HTMLElement} node from ownNode
 * @param {Object} record
 * @param {{retry: function(Object): void, discard: function(Object): void}} act
 */
export function updateOwn(node, record, act) {
  if (node.dataset.state === record.state) return;
  node.dataset.state = record.state;
  const [name, words] = STATES[record.state];
  node.querySelector(".state").replaceChildren(icon(name), h("span", { class: "unseen" }, words));
  const fate = node.querySelector(".fate");
  fate.replaceChildren();
  if (record.state === "failed") {
    fate.append(
      h("p", {}, record.error),
      h("button", { type: "button", class: "small", click: () => act.retry(record) }, "Reintentar"),
      h("button", { type: "button", class: "small", click: () => act.discard(record) }, "Descartar"));
  } else if (record.state === "pending" && record.files.length) {
    fate.append(h("progress", { max: 1, value: 0, "aria-label": "Envío de los archivos" }));
  }
}
