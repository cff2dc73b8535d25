// What the tests measure on a page. Colours by WCAG 2.2, 1.4.3.
({
  /** Things that reach beyond the page or their chat, to the right. */
  overflowing() {
    const boxes = [document.documentElement, ...document.querySelectorAll(".log, .composer, .bubble")];
    return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className || box.tagName);
  },

  /** Controls without a name. */
  nameless() {
    const labelled = (control) =>
      control.getAttribute("aria-label") || control.labels?.[0]?.textContent.trim() ||
      (control.matches("button, a, summary") && control.textContent.trim());
    return [...document.querySelectorAll("button, a[href], input, textarea, [role=log], dialog")]
      .filter((control) => !labelled(control) && !control.querySelector("img[alt]:not([alt=''])"))
      .map((control) => control.outerHTML.slice(0, 120));
  },

  /** Visible texts whose contrast is below 4.5 : 1, as "ratio text". */
  faint() {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const over = (colour, below) => {
      canvas.fillStyle = `rgb(${below.join(" ")})`;
      canvas.fillRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const behind = (node) =>
      node ? over(getComputedStyle(node).backgroundColor, behind(node.parentElement)) : [255, 255, 255];
    const light = (colour) => {
      const [r, g, b] = colour.map((part) => part / 255).map((s) => (s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const written = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    return [...document.body.querySelectorAll("*")]
      .filter((node) => written(node) && node.checkVisibility({ visibilityProperty: true }) && getComputedStyle(node).clipPath === "none")
      .map((node) => {
        const below = behind(node);
        return [ratio(light(over(getComputedStyle(node).color, below)), light(below)), node.textContent.trim()];
      })
      .filter(([found]) => found < 4.5)
      .map(([found, text]) => `${found.toFixed(2)} ${text.slice(0, 40)}`);
  },
});
