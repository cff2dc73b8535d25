/** Tells the server which messages a person has had before their eyes: together, not one by one. */

const PAUSE = 400; // milliseconds

/**
 * @param {string} slot
 * @param {Element} log messages count as shown only while this element is on the screen
 * @returns {function(number): void} call it with the id of each message put on the page
 */
export function createAcks(slot, log) {
  const waiting = new Set();
  let onScreen = false;
  let timer = 0;

  async function flush() {
    timer = 0;
    if (!waiting.size || !onScreen || document.hidden) return;
    const ids = [...waiting];
    try {
      const answer = await fetch(`/chat/${slot}/ack`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ids }),
      });
      if (answer.ok) ids.forEach((id) => waiting.delete(id));
    } catch {
      // They stay in the set and go with the next ones.
    }
  }

  const soon = () => (timer ||= setTimeout(flush, PAUSE));

  new IntersectionObserver(([entry]) => {
    onScreen = entry.isIntersecting;
    soon();
  }).observe(log);
  document.addEventListener("visibilitychange", soon);
  window.addEventListener("online", soon);

  return (id) => {
    waiting.add(id);
    soon();
  };
}
