/** What will go with the next message: files and a place, each shown and removable before sending. */

import { fileNode } from "./render.js";
import { h, icon } from "./dom.js";

const MOST = 10; // files in one message, as the server takes them
const SIDE = 720; // pixels; a preview is no larger

/** A small JPEG of a picture the browser can read; nothing for the others (HEIC, documents). */
async function previewOf(file) {
  if (!file.type.startsWith("image/")) return {};
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = h("canvas", { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const thumb = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    return thumb ? { thumb, width: canvas.width, height: canvas.height } : {};
  } catch {
    return {};
  }
}

/**
 * @param {HTMLElement} list the <ul> of previews
 * @param {function(string): void} complain shows a sentence to the person
 * @param {function(): void} changed called after each change
 */
export function createAttachments(list, complain, changed) {
  let files = [];
  let place = "";

  function row(content, name, remove) {
    const drop = h("button", { type: "button", class: "drop", "aria-label": `Quitar ${name}`, click: remove }, icon("close"));
    return h("li", {}, content, drop);
  }

  function draw() {
    const rows = files.map((file) => (file.row ??= row(fileNode(file), file.name, () => dropFile(file))));
    if (place) rows.push(row(h("p", { class: "file" }, icon("place"), "Mi lugar"), "el lugar", () => setPlace("")));
    list.replaceChildren(...rows);
    list.hidden = rows.length === 0;
    changed();
  }

  function dropFile(file) {
    files = files.filter((each) => each !== file);
    draw();
  }

  function setPlace(value) {
    place = value;
    draw();
  }

  return {
    setPlace,
    /** @param {Iterable<File>} chosen */
    async add(chosen) {
      for (const file of chosen) {
        if (files.length === MOST) {
          complain(`En un mensaje caben ${MOST} archivos. Envíe estos y agregue los demás después.`);
          break;
        }
        try {
          await file.slice(0, 1).arrayBuffer(); // a folder, or a file that is gone, fails here and not in the outbox
        } catch {
          complain(`No se pudo leer «${file.name}».`);
          continue;
        }
        const { name, type, size } = file;
        files.push({ name: name || "archivo", type, size, blob: file, ...(await previewOf(file)) });
      }
      draw();
    },
    /** Takes everything out: {files, place}. */
    take() {
      const taken = { files: files.map(({ row: _row, ...file }) => file), place };
      files = [];
      place = "";
      draw();
      return taken;
    },
    /** Puts back what `take` gave. */
    restore(taken) {
      ({ files, place } = taken);
      draw();
    },
    isEmpty: () => !files.length && !place,
  };
}
