/** One chat on the page: puts together what the server said, what the person wrote, and the place to write. */

import { createAcks } from "./acks.js";
import { createComposer } from "./composer.js";
import { partsOf } from "./dom.js";
import { createLog } from "./log.js";
import { createOutbox } from "./outbox.js";
import { ownNode, receivedNode, updateOwn } from "./render.js";
import { openStore } from "./store.js";
import { createStream } from "./stream.js";

const PAGE = 50; // messages in a full history; older ones are not shown
const PATIENCE = 1500; // milliseconds without a connection before it is mentioned
const OFFLINE = "Sin conexión; se enviará cuando vuelva.";
const CLOSED = "Esta sesión terminó. Recargue la página.";

/**
 * Brings a chat to life. It tells the page of each new message by the event "chasqui:message".
 * @param {HTMLElement} root element with data-chat="<slot>", as drawn by the template
 */
export async function mount(root) {
  const slot = root.dataset.chat;
  const parts = partsOf(root);
  const { log, empty, banner } = parts;
  const store = await openStore();
  const received = new Map(); // by id
  const nodes = new Map(); // by "s" + id or "o" + order
  let own = [];
  let skew = 0; // the server's clock less this one, in milliseconds
  let loaded = false;
  let lost = false; // no stream
  let waiting = false; // something could not be sent
  let closed = false; // the server does not know this page any more
  let timer = 0;

  const now = () => Date.now() + skew;
  const show = createLog(log, parts.newer, now);
  const acknowledge = createAcks(slot, log);
  const outbox = createOutbox(slot, store, {
    changed: (records) => {
      own = records;
      draw();
    },
    progress: (record, part) => {
      const bar = nodes.get(`o${record.order}`)?.querySelector("progress");
      if (bar) bar.value = part;
    },
    waiting: (value) => {
      waiting = value;
      mention();
    },
    closed: () => {
      closed = true;
      mention();
    },
  });
  const act = {
    say: (text) => send({ text }),
    press: ({ label, tap }) => send({ text: label, tap }),
    retry: outbox.retry,
    discard: outbox.discard,
  };
  const composer = createComposer(root, parts, send);

  function send(draft) {
    return outbox.add({ ...draft, at: now(), after: newest() }).then(() => draw(true));
  }

  const newest = () => Math.max(0, ...received.keys());

  function notice(sentence) {
    banner.hidden = !sentence;
    banner.querySelector("span").textContent = sentence;
  }

  /** A short gap goes unmentioned; a longer one is said quietly until it is over. */
  function mention() {
    if (!closed && (lost || waiting)) {
      timer ||= setTimeout(notice, PATIENCE, OFFLINE);
      return;
    }
    clearTimeout(timer);
    timer = 0;
    notice(closed ? CLOSED : "");
  }

  function nodeOf(key, make) {
    if (!nodes.has(key)) nodes.set(key, make());
    return nodes.get(key);
  }

  /** An own message stands after the last one its writer had seen, so neither clock can put it elsewhere. */
  function entries() {
    const theirs = [...received.values()].map((message) => ({
      at: Date.parse(message.at),
      node: nodeOf(`s${message.id}`, () => receivedNode(message, act)),
      rank: [message.id, 0],
    }));
    const mine = own.map((record) => {
      const node = nodeOf(`o${record.order}`, () => ownNode(record));
      updateOwn(node, record, act);
      return { at: record.at, node, rank: [record.after, record.order] };
    });
    return [...theirs, ...mine].sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
  }

  /** The newest buttons are the live ones, until they are answered. */
  function markLive() {
    const last = received.get(newest());
    const answered = own.some((record) => record.after === last?.id && record.state !== "failed");
    for (const id of received.keys()) nodes.get(`s${id}`).classList.toggle("live", id === last.id && !answered);
    composer.expect(answered ? "" : (last?.wants ?? ""));
  }

  function draw(follow = false) {
    if (!loaded) return;
    const all = entries();
    markLive();
    show(all.length ? all : [{ at: null, node: empty }], follow);
  }

  function take(message) {
    acknowledge(message.id);
    if (received.has(message.id)) return;
    received.set(message.id, message);
    root.dispatchEvent(new CustomEvent("chasqui:message", { bubbles: true }));
  }

  /** Says the invitation of the address once: stored, it leaves the address, so that a reload does not say it again. */
  async function acceptInvitation() {
    const { start } = root.dataset;
    if (!start) return;
    delete root.dataset.start;
    await send({ text: `/start ${start}` });
    window.history.replaceState(null, "", location.pathname);
  }

  async function history({ install, now: time, messages }) {
    skew = Date.parse(time) - Date.now();
    if ((await store.install(slot)) !== install) {
      received.clear();
      nodes.clear();
      await outbox.forget();
      await store.setInstall(slot, install);
    }
    for (const message of messages) if (!received.has(message.id)) take(message);
    if (!loaded && messages.length === PAGE) await outbox.forget(messages[0].id);
    loaded = true;
    await outbox.reload();
    outbox.wake();
    log.setAttribute("aria-busy", "false");
    await acceptInvitation();
  }

  document.addEventListener("chasqui:clock", ({ detail }) => {
    skew = detail - Date.now();
    draw();
  });
  createStream(slot, {
    history,
    message: (message) => {
      take(message);
      draw();
    },
    state: (state) => {
      lost = state === "offline";
      closed = state === "closed";
      mention();
    },
  })();
}
