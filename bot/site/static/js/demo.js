/** The three phones of the demonstration: side by side on a wide page, behind tabs and swipes on a narrow one. */

const NARROW = matchMedia("(max-width: 899px)");
const SETTLE = 120; // milliseconds without scrolling after which a swipe is over

const tabs = [...document.querySelectorAll('[role="tab"]')];
const phones = [...document.querySelectorAll(".phone")];
const track = document.querySelector(".phones");
let chosen = 0;
let timer = 0;

/** Marks phone `index` as the one in view; on a narrow page the others cannot be reached. */
function mark(index) {
  chosen = index;
  tabs.forEach((tab, each) => {
    tab.setAttribute("aria-selected", String(each === index));
    tab.tabIndex = each === index ? 0 : -1;
  });
  phones.forEach((phone, each) => (phone.inert = NARROW.matches && each !== index));
  count(index, 0);
}

/** At once: a focus that moves on while the track still glides would stop it halfway. */
function choose(index) {
  mark(index);
  track.scrollTo({ left: index * track.clientWidth });
}

function count(index, value) {
  const badge = tabs[index].querySelector(".unread");
  badge.hidden = value === 0;
  badge.dataset.count = value;
  badge.textContent = value;
  badge.setAttribute("aria-label", value === 1 ? "1 mensaje nuevo" : `${value} mensajes nuevos`);
}

function arrange() {
  phones.forEach((phone, index) => {
    phone.setAttribute("role", NARROW.matches ? "tabpanel" : "region");
  });
  mark(chosen);
  if (NARROW.matches) track.scrollTo({ left: chosen * track.clientWidth });
}

tabs.forEach((tab, index) => tab.addEventListener("click", () => choose(index)));
document.querySelector('[role="tablist"]').addEventListener("keydown", (event) => {
  const last = tabs.length - 1;
  const moves = { ArrowRight: chosen === last ? 0 : chosen + 1, ArrowLeft: chosen === 0 ? last : chosen - 1, Home: 0, End: last };
  if (!(event.key in moves)) return;
  event.preventDefault();
  choose(moves[event.key]);
  tabs[chosen].focus();
});
track.addEventListener("scroll", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const index = Math.round(track.scrollLeft / track.clientWidth);
    if (NARROW.matches && index !== chosen) mark(index);
  }, SETTLE);
}, { passive: true });
document.querySelectorAll(".skip").forEach((link, index) => link.addEventListener("click", () => choose(index)));
new ResizeObserver(arrange).observe(track);

phones.forEach((phone, index) =>
  phone.addEventListener("chasqui:message", () => {
    if (phone.querySelector('[aria-busy="true"]')) return; // the history is not news
    if (NARROW.matches && index !== chosen) count(index, Number(tabs[index].querySelector(".unread").dataset.count ?? 0) + 1);
    if (phone.contains(document.activeElement)) return; // nor is the answer to whoever is writing here
    phone.classList.remove("news");
    void phone.offsetWidth; // lets the animation start again
    phone.classList.add("news");
  }));

// The clock: the server does what falls due meanwhile, and the chats hear of it by their streams.
const shown = document.querySelector("[data-clock]");
const movers = [...document.querySelectorAll("[data-until]")];

async function move(until) {
  if (movers[0].ariaDisabled === "true") return;
  movers.forEach((button) => (button.ariaDisabled = "true")); // a disabled one would lose the focus
  try {
    const answer = await fetch(`/demo/clock/${until}`, { method: "POST" });
    if (!answer.ok) return;
    const { clock, now } = await answer.json();
    shown.textContent = clock;
    document.dispatchEvent(new CustomEvent("chasqui:clock", { detail: Date.parse(now) }));
  } finally {
    movers.forEach((button) => (button.ariaDisabled = "false"));
  }
}

movers.forEach((button) => button.addEventListener("click", () => move(button.dataset.until)));
