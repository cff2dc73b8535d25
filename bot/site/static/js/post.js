/** Sends one message. XMLHttpRequest, because fetch cannot tell how much of a photo has gone up. */

import { isoText } from "./dates.js";

const QUIET = 30000; // milliseconds without any progress before the attempt is given up
const REFUSED = "El mensaje no se pudo recibir.";

function formOf(record) {
  const form = new FormData();
  form.append("id", record.id);
  form.append("sent_at", isoText(record.at));
  for (const name of ["text", "tap", "place"]) if (record[name]) form.append(name, record[name]);
  for (const file of record.files) form.append("file", file.blob, file.name);
  return form;
}

function sentenceOf(request) {
  try {
    return JSON.parse(request.responseText).error || REFUSED;
  } catch {
    return REFUSED;
  }
}

function outcomeOf(request) {
  const status = request.status;
  if (status >= 200 && status < 300) return { outcome: "taken" };
  if ([401, 403, 404].includes(status)) return { outcome: "closed" };
  if (status < 400 || status >= 500 || status === 408) return { outcome: "later" };
  return { outcome: "refused", error: sentenceOf(request) };
}

/**
 * Posts a record of the store.
 * @param {Object} record
 * @param {function(number): void} progress called with the part sent, 0 to 1
 * @returns {Promise<{outcome: "taken"|"refused"|"later"|"closed", error?: string}>} closed: the server does not know this page any more
 */
export function post(record, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let watch = 0;
    const stillAlive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => request.abort(), QUIET);
    };
    request.onloadend = () => {
      clearTimeout(watch);
      resolve(outcomeOf(request));
    };
    request.upload.onprogress = (event) => {
      stillAlive();
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.open("POST", `/chat/${record.slot}/messages`);
    stillAlive();
    request.send(formOf(record));
  });
}
