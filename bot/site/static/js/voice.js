/** Voice notes, where the browser can record them. */

import { lengthText } from "./dates.js";

const LONGEST = 300; // seconds
const KINDS = [["audio/ogg;codecs=opus", "ogg"], ["audio/webm;codecs=opus", "webm"], ["audio/mp4", "m4a"]];

const kindHere = () => KINDS.find(([type]) => MediaRecorder.isTypeSupported(type));

/** Whether this browser, on this page, can record. */
export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder && kindHere());
}

/**
 * Asks for the microphone and records until `stop` is called.
 * @param {function(string): void} tick the time so far, "0:07", every second
 * @param {function(File|null): void} done the note, or null when it was dropped
 * @returns {Promise<function(boolean): void>} stop(keep); rejects when the microphone is not allowed
 */
export async function record(tick, done) {
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  const [type, ending] = kindHere();
  const recorder = new MediaRecorder(microphone, { mimeType: type });
  const pieces = [];
  let seconds = 0;
  let keep = true;
  const timer = setInterval(() => {
    tick(lengthText(++seconds));
    if (seconds >= LONGEST) recorder.stop();
  }, 1000);
  recorder.ondataavailable = (event) => pieces.push(event.data);
  recorder.onstop = () => {
    clearInterval(timer);
    microphone.getTracks().forEach((track) => track.stop());
    const name = `nota de voz ${lengthText(seconds).replace(":", "-")}.${ending}`;
    done(keep ? new File(pieces, name, { type: type.split(";")[0] }) : null);
  };
  recorder.start();
  tick(lengthText(0));
  return (kept) => {
    keep = kept;
    if (recorder.state !== "inactive") recorder.stop();
  };
}
