/** Times as people of the entity read them: always in the plan's zone, whatever the zone of the device. */

const timeZone = "America/Bogota";
const clock = new Intl.DateTimeFormat("es-CO", { hour: "numeric", minute: "2-digit", timeZone });
const day = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone });
const longDay = new Intl.DateTimeFormat("es-CO", { weekday: "long", day: "numeric", month: "long", timeZone });
const DAY = 24 * 60 * 60 * 1000;

/** @param {number} at milliseconds → "10:32 a. m." */
export const timeText = (at) => clock.format(at);

/** @param {number} at milliseconds → "2022-05-24", to tell one day from another */
export const dayKey = (at) => day.format(at);

/**
 * "Hoy", "Ayer", "lunes, 23 de mayo" or, in another year, with the year.
 * @param {number} at milliseconds
 * @param {number} now milliseconds
 */
export function dayText(at, now) {
  const key = dayKey(at);
  if (key === dayKey(now)) return "Hoy";
  if (key === dayKey(now - DAY)) return "Ayer";
  const year = key.slice(0, 4);
  const text = longDay.format(at);
  const named = text[0].toUpperCase() + text.slice(1);
  return year === dayKey(now).slice(0, 4) ? named : `${named} de ${year}`;
}

/**
 * ISO 8601 with the device's offset, to the second: "2022-05-24T10:32:05-05:00".
 * @param {number} at milliseconds
 */
export function isoText(at) {
  const offset = -new Date(at).getTimezoneOffset();
  const local = new Date(at + offset * 60000).toISOString().slice(0, 19);
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const away = Math.abs(offset);
  return `${local}${offset < 0 ? "-" : "+"}${two(away / 60)}:${two(away % 60)}`;
}

/** @param {number} seconds → "1:05" */
export const lengthText = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
