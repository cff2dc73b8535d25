/** The outbox of one chat: messages are stored first, then sent in order, again and again until the server has them. */

import { newId } from "./dom.js";
import { post } from "./post.js";

const LONGEST_PAUSE = 60; // seconds

/** Two windows on one chat share the outbox; only one of them sends at a time. */
function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

/** What stays of a sent file: enough to show it again, not the original, which the server has. */
const kept = ({ blob, ...file }) => file;

/**
 * @param {string} slot
 * @param {Object} store from openStore()
 * @param {{changed: function(Object[]): void, progress: function(Object, number): void,
 *          waiting: function(boolean): void, closed: function(): void}} tell
 */
export function createOutbox(slot, store, tell) {
  const windows = new BroadcastChannel(`chasqui-outbox-${slot}`);
  let busy = false;
  let failures = 0;
  let timer = 0;

  async function reload() {
    const records = await store.all(slot);
    tell.changed(records);
    return records;
  }

  async function save(record) {
    await store.put(record);
    windows.postMessage("changed");
    return reload();
  }

  async function sendAll() {
    for (;;) {
      const record = (await reload()).find((each) => each.state === "pending");
      if (!record) return true;
      const { outcome, error } = await post(record, (part) => tell.progress(record, part));
      if (outcome === "closed") tell.closed();
      if (outcome === "closed" || outcome === "later") return false;
      failures = 0;
      if (outcome === "taken") await save({ ...record, state: "sent", files: record.files.map(kept) });
      else await save({ ...record, state: "failed", error });
    }
  }

  /** Sends what waits, unless a round is already under way. */
  async function flush() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    const done = await alone(`chasqui-send-${slot}`, sendAll).catch(() => false);
    busy = false;
    tell.waiting(!done);
    if (done) return;
    const pause = Math.min(2 ** failures++, LONGEST_PAUSE) * (0.75 + Math.random() / 2);
    timer = setTimeout(flush, pause * 1000);
  }

  windows.onmessage = reload;

  return {
    reload,
    flush,
    /** Tries at once: the network came back, or the person looks at the page again. */
    wake() {
      failures = 0;
      flush();
    },
    /**
     * Stores a new message and starts sending. Rejects when the device cannot store it.
     * @param {{text: string, tap?: string, place?: string, files?: Object[], at: number, after: number}} draft
     */
    async add(draft) {
      await save({ tap: "", place: "", files: [], error: "", ...draft, id: newId(), slot, state: "pending" });
      flush();
    },
    async retry(record) {
      await save({ ...record, state: "pending", error: "" });
      flush();
    },
    async discard(record) {
      await store.remove(record.order);
      windows.postMessage("changed");
      await reload();
    },
    /** Forgets what lies before message `after` of the server, or everything. */
    async forget(after = Infinity) {
      const old = (await store.all(slot)).filter((each) => after === Infinity || (each.state === "sent" && each.after < after));
      for (const record of old) await store.remove(record.order);
      await reload();
    },
  };
}
