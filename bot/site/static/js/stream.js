/**
 * What the server says to one chat: its history, then a stream. A browser opens only six connections to a server, so of all windows
 * of a browser one holds the stream of a slot and passes messages on; a hidden page lets go of it and catches up later.
 */

const LONGEST_PAUSE = 30; // seconds

/**
 * @param {string} slot
 * @param {{history: function(Object): (void|Promise<void>), message: function(Object): void,
 *          state: function("online"|"offline"|"closed"): void}} tell
 * @returns {function(): void} starts it
 */
export function createStream(slot, tell) {
  const windows = new BroadcastChannel(`chasqui-stream-${slot}`);
  let source = null;
  let turn = null; // the wait for, or the holding of, the right to open the stream
  let failures = 0;
  let timer = 0;

  function announce(state) {
    tell.state(state);
    windows.postMessage({ state });
  }

  /** Resolves to false when the server does not know this page any more. */
  async function load() {
    const answer = await fetch(`/chat/${slot}/history`, { cache: "no-store" });
    if ([401, 403, 404].includes(answer.status)) {
      tell.state("closed");
      return false;
    }
    if (!answer.ok) throw new Error(`history ${answer.status}`);
    await tell.history(await answer.json());
    tell.state("online");
    return true;
  }

  function again() {
    announce("offline");
    rest();
    timer = setTimeout(start, Math.min(2 ** failures++, LONGEST_PAUSE) * 1000);
  }

  function open() {
    source = new EventSource(`/chat/${slot}/stream`);
    source.onopen = () => {
      failures = 0;
      announce("online");
      load().catch(again); // what was said while nobody listened
    };
    source.onmessage = (event) => {
      const message = JSON.parse(event.data);
      tell.message(message);
      windows.postMessage({ message });
    };
    source.onerror = () => {
      if (source?.readyState === EventSource.CLOSED) again();
      else announce("offline"); // the browser connects again by itself
    };
  }

  /** Closes the stream and gives up the turn. */
  function rest() {
    clearTimeout(timer);
    source?.close();
    source = null;
    turn?.abort();
    turn = null;
  }

  function takeTurn() {
    turn = new AbortController();
    if (!navigator.locks) return open();
    const { signal } = turn;
    const hold = () =>
      new Promise((release) => {
        signal.addEventListener("abort", release);
        open();
      });
    navigator.locks.request(`chasqui-stream-${slot}`, { signal }, hold).catch(() => {}); // aborted while waiting
  }

  async function start() {
    rest();
    try {
      if (!(await load())) return;
    } catch {
      return again();
    }
    if (!document.hidden && !turn) takeTurn();
  }

  windows.onmessage = ({ data }) => {
    if (data.message) tell.message(data.message);
    else if (data.state && !source) tell.state(data.state);
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : start()));
  window.addEventListener("online", start);
  window.addEventListener("offline", () => tell.state("offline"));
  return start;
}
