/** Where a person writes: text, files, a place, a voice note, and suggestions to tap. */

import { createAttachments } from "./attachments.js";
import { canRecord, record } from "./voice.js";

const DESKTOP = matchMedia("(hover: hover) and (pointer: fine)");
const HINTS = {
  text: "Responda con sus palabras.",
  number: "Escriba un número.",
  date: "Escriba una fecha: hoy, ayer, 12 de mayo.",
  file: "Adjunte fotos o archivos, o pegue un enlace.",
  place: "Comparta el lugar o escriba el nombre del municipio.",
};
const NO_PLACE = "No se pudo saber el lugar. Revise el permiso de ubicación, o escríbalo.";
const NO_MICROPHONE = "No se pudo usar el micrófono. Revise el permiso en el navegador.";
const NO_ROOM = "Este dispositivo no tiene espacio para guardar el mensaje. Libere espacio y vuelva a intentarlo.";

/**
 * @param {HTMLElement} root the chat
 * @param {Object<string, HTMLElement>} parts
 * @param {function({text: string, place?: string, files?: Object[]}): Promise<void>} send
 * @returns {{expect: function(string): void}} expect: what the question asks for now
 */
export function createComposer(root, parts, send) {
  const { composer, text, menu, recording, elapsed, problem, hint, files, camera } = parts;
  const attached = createAttachments(parts.attached, complain, refresh);
  const opener = composer.querySelector('[data-do="menu"]');
  let stopRecording = null;

  function complain(sentence) {
    problem.textContent = sentence;
    problem.hidden = !sentence;
  }

  /** The microphone gives way to the send button as soon as there is something to send. */
  function refresh() {
    const something = text.value.trim() !== "" || !attached.isEmpty();
    composer.querySelector('[data-do="voice"]').hidden = something || !canRecord();
    parts.send.hidden = !something && canRecord();
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  }

  function showMenu(open) {
    menu.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) menu.querySelector("button:not([hidden])").focus();
  }

  async function submit() {
    const words = text.value.trim();
    if (!words && attached.isEmpty()) return;
    const taken = attached.take();
    text.value = "";
    complain("");
    refresh();
    try {
      await send({ text: words, ...taken });
    } catch {
      text.value = words;
      attached.restore(taken);
      complain(NO_ROOM);
    }
  }

  async function attach(chosen) {
    complain("");
    showMenu(false);
    await attached.add(chosen);
    text.focus();
  }

  function sharePlace() {
    showMenu(false);
    const found = ({ coords }) => {
      attached.setPlace(`${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}`);
      text.focus();
    };
    navigator.geolocation.getCurrentPosition(found, () => complain(NO_PLACE), { enableHighAccuracy: true, timeout: 20000 });
  }

  async function startRecording() {
    complain("");
    try {
      stopRecording = await record((time) => (elapsed.textContent = time), recorded);
    } catch {
      return complain(NO_MICROPHONE);
    }
    recording.hidden = false;
    recording.querySelector('[data-do="voice-keep"]').focus();
  }

  function recorded(file) {
    stopRecording = null;
    recording.hidden = true;
    attach(file ? [file] : []);
  }

  const acts = {
    menu: () => showMenu(menu.hidden),
    files: () => files.click(),
    camera: () => camera.click(),
    place: sharePlace,
    sample: async () => attach([await (await import("./sample.js")).samplePicture()]),
    voice: () => (stopRecording ? stopRecording(true) : startRecording()),
    "voice-keep": () => stopRecording?.(true),
    "voice-drop": () => stopRecording?.(false),
  };

  composer.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.do) acts[button.dataset.do]();
    else if (button?.dataset.say) send({ text: button.dataset.say }).catch(() => complain(NO_ROOM));
  });
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  composer.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || menu.hidden) return;
    showMenu(false);
    opener.focus();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !DESKTOP.matches) return;
    event.preventDefault();
    submit();
  });
  text.addEventListener("input", refresh);
  text.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    attach([...event.clipboardData.files]);
  });
  for (const input of [files, camera]) {
    input.addEventListener("change", () => {
      attach([...input.files]);
      input.value = "";
    });
  }
  root.addEventListener("dragover", () => root.classList.add("dropping"));
  root.addEventListener("dragleave", (event) => root.contains(event.relatedTarget) || root.classList.remove("dropping"));
  root.addEventListener("drop", (event) => {
    root.classList.remove("dropping");
    attach([...event.dataTransfer.files]);
  });

  composer.querySelector('.menu [data-do="camera"]').hidden = DESKTOP.matches;
  if (!window.isSecureContext) composer.querySelectorAll('[data-do="place"]').forEach((button) => button.remove());
  refresh();

  return {
    expect(wants) {
      hint.textContent = HINTS[wants] ?? root.dataset.hint;
      text.inputMode = wants === "number" ? "numeric" : "text";
      opener.classList.toggle("wanted", wants === "file" || wants === "place");
      composer.querySelector(".chips").scrollLeft = 0;
      composer.querySelectorAll("[data-wants]").forEach((button) => (button.hidden = button.dataset.wants !== wants));
    },
  };
}
