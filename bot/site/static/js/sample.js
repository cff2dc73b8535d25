/** A drawn photo for the demonstration, so that a newcomer can report without looking for one. */

const WIDTH = 1080;
const HEIGHT = 1350;

/** A range of hills from one side to the other, each `step` pixels. */
function hills(brush, colour, base, height, waves) {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.moveTo(0, HEIGHT);
  for (let x = 0; x <= WIDTH; x += 12) {
    const rise = Math.sin((x / WIDTH) * waves) + 0.5 * Math.sin((x / WIDTH) * waves * 2.3 + 1);
    brush.lineTo(x, base - height * rise);
  }
  brush.lineTo(WIDTH, HEIGHT);
  brush.fill();
}

function landscape(brush) {
  const sky = brush.createLinearGradient(0, 0, 0, 760);
  sky.addColorStop(0, "#b9d8e6");
  sky.addColorStop(1, "#f7e6bd");
  brush.fillStyle = sky;
  brush.fillRect(0, 0, WIDTH, HEIGHT);
  brush.fillStyle = "#f3cf7a";
  brush.beginPath();
  brush.arc(800, 250, 84, 0, 2 * Math.PI);
  brush.fill();
  brush.fillStyle = "#6d8f8a";
  brush.beginPath();
  for (const [x, y] of [[60, 760], [400, 330], [455, 352], [520, 322], [960, 760]]) brush.lineTo(x, y);
  brush.fill();
  hills(brush, "#4d7f68", 640, 46, 5);
  hills(brush, "#2f684e", 740, 40, 7);
  hills(brush, "#1a4f3a", 830, 30, 9);
}

function card(brush) {
  brush.fillStyle = "#fffdf6";
  brush.beginPath();
  brush.roundRect(70, 700, WIDTH - 140, 530, 36);
  brush.fill();
  brush.fillStyle = "#c8962e";
  brush.fillRect(70, 760, 14, 400);
  const lines = [
    ["700 30px sans-serif", "#8a6414", "GOBERNACIÓN DE NARIÑO", 800],
    ["700 58px sans-serif", "#123f2f", "Su voz cuenta", 890],
    ["34px sans-serif", "#25382f", "Espacio de participación sobre peticiones,", 970],
    ["34px sans-serif", "#25382f", "quejas, reclamos y denuncias (PQRD).", 1020],
    ["34px sans-serif", "#25382f", "Participe en nuestras redes este mes.", 1085],
  ];
  for (const [font, colour, text, y] of lines) {
    brush.font = font;
    brush.fillStyle = colour;
    brush.fillText(text, 130, y);
  }
}

/**
 * Draws the picture. Each one carries the moment it was drawn, so that no two are the same file.
 * @returns {Promise<File>} a JPEG of 1080 × 1350
 */
export async function samplePicture() {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const brush = canvas.getContext("2d");
  landscape(brush);
  card(brush);
  brush.font = "26px sans-serif";
  brush.fillStyle = "#4a5a50";
  brush.fillText(`Imagen de ejemplo · dibujada ${new Date().toLocaleString("es-CO")}`, 130, 1180);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return new File([blob], "foto de ejemplo.jpg", { type: "image/jpeg" });
}
