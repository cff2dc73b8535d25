/** A picture as large as the screen, in the page's one dialog. A second tap shows it at its own size. */

const dialog = document.getElementById("viewer");
const image = dialog.querySelector("img");
const [download] = dialog.querySelectorAll(".viewer-tool");

/**
 * @param {string} url
 * @param {string} alt its first line is the caption
 */
export function enlarge(url, alt) {
  image.src = url;
  image.alt = alt;
  download.href = url;
  dialog.classList.remove("full");
  dialog.querySelector(".viewer-caption").textContent = alt.split("\n", 1)[0];
  dialog.showModal();
}

dialog.querySelector("button").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => {
  if (event.target === image) dialog.classList.toggle("full");
  else if (!event.target.closest("a, button, p")) dialog.close();
});
