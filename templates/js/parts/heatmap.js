/* Arrays as pictures on a canvas, one pixel a number, enlarged by styles.
 *
 * netviz.paint(canvas, values, {width, height, kind, limit, low, high, channels})   an array as a picture:
 *   kind "signed": hue for sign, opacity for size, |value| = limit opaque; transparent at 0;
 *   kind "grey": low black, high white (three channels: in colour);
 *   kind "image": 0 black, 1 white
 * netviz.probe(canvas, width, height, show, hide)   show(column, row) for the pixel under the
 *   pointer or, with the canvas focused, the one the arrow keys have reached
 */
"use strict";
(() => {
  const POSITIVE = [47, 127, 208];
  const NEGATIVE = [217, 100, 15];

  function paint(canvas, values, { width, height, kind, limit, low = 0, high = 1, channels = 1 }) {
    canvas.width = width;
    canvas.height = height;
    const picture = new ImageData(width, height);
    const data = picture.data;
    const span = high - low || 1;
    for (let i = 0; i < width * height; i += 1) {
      if (kind === "signed") {
        const value = values[i];
        data.set(value > 0 ? POSITIVE : NEGATIVE, 4 * i);
        data[4 * i + 3] = Math.min(255, Math.round((255 * Math.abs(value)) / (limit || 1)));
      } else {
        for (let c = 0; c < 3; c += 1) {
          const value = values[channels === 3 ? 3 * i + c : i];
          data[4 * i + c] = Math.round((255 * (value - low)) / span);
        }
        data[4 * i + 3] = 255;
      }
    }
    canvas.getContext("2d").putImageData(picture, 0, 0);
    return canvas;
  }

  function probe(canvas, width, height, show, hide = () => {}) {
    let column = width >> 1;
    let row = height >> 1;
    const reach = (event) => {
      const box = canvas.getBoundingClientRect();
      column = Math.min(width - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * width)));
      row = Math.min(height - 1, Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * height)));
      show(column, row);
    };
    // Not a picture any more but something with keys of its own, which screen readers then pass on.
    canvas.setAttribute("role", "application");
    canvas.tabIndex = 0;
    canvas.addEventListener("pointermove", reach);
    canvas.addEventListener("pointerdown", reach);
    canvas.addEventListener("pointerleave", hide);
    canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) show(column, row); });
    canvas.addEventListener("blur", hide);
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      column = Math.min(width - 1, Math.max(0, column + step[0]));
      row = Math.min(height - 1, Math.max(0, row + step[1]));
      show(column, row);
    });
  }

  Object.assign(netviz, { paint, probe });
})();
