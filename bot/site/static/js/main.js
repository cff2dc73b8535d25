/** Starts every chat of the page. */

import { mount } from "./chat.js";

// A file dropped beside a chat would otherwise replace the page.
for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());

document.querySelectorAll("[data-chat]").forEach(mount);
