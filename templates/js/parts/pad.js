/* A canvas to draw an image on, by pointer, finger or keys.
 *
 * new netviz.Pad(canvas, side, what, change, say)   `side` pixels an image's side has; `what` says what
 *   to do, "Draw a digit here."; change(pad) after every stroke; say(text) tells screen readers of the pen
 *   pad.image({digits, width, height})   the drawing as a network reads it; pad.lay(pixels, width, height)
 *   puts an image on the pad; pad.clear(); pad.remove()
 */
"use strict";
(() => {
  /** Centre and scale ink as MNIST was made: into a box of 20, its centre of mass in the middle. */
  function prepare(ink, side) {
    const at = (x, y) => ink[y * side + x];
    let left = side, right = -1, top = side, bottom = -1;
    for (let y = 0; y < side; y += 1) for (let x = 0; x < side; x += 1) if (at(x, y) > 0.05) {
      left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
    }
    if (right < 0) return new Float32Array(28 * 28);
    const scale = 20 / Math.max(right - left + 1, bottom - top + 1);
    const centreX = (left + right + 1) / 2, centreY = (top + bottom + 1) / 2;
    const boxed = new Float32Array(28 * 28);
    const fine = 4; // samples a side of each pixel
    let mass = 0, massX = 0, massY = 0;
    for (let y = 0; y < 28; y += 1) for (let x = 0; x < 28; x += 1) {
      let sum = 0;
      for (let j = 0; j < fine; j += 1) for (let i = 0; i < fine; i += 1) {
        const sx = Math.floor((x + (i + 0.5) / fine - 14) / scale + centreX);
        const sy = Math.floor((y + (j + 0.5) / fine - 14) / scale + centreY);
        if (sx >= 0 && sy >= 0 && sx < side && sy < side) sum += at(sx, sy);
      }
      const value = Math.min(1, sum / (fine * fine));
      boxed[y * 28 + x] = value;
      mass += value; massX += value * x; massY += value * y;
    }
    const shiftX = Math.round(13.5 - massX / mass), shiftY = Math.round(13.5 - massY / mass);
    return boxed.map((_, k) => {
      const x = (k % 28) - shiftX, y = Math.floor(k / 28) - shiftY;
      return x >= 0 && y >= 0 && x < 28 && y < 28 ? boxed[y * 28 + x] : 0;
    });
  }

  /** Scale ink down to the image's size as it was drawn, without moving it. */
  function reduced(ink, side, { width, height }) {
    const into = new Float32Array(width * height);
    const [across, down] = [side / width, side / height];
    for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) {
      let [sum, count] = [0, 0];
      for (let j = Math.floor(y * down); j < (y + 1) * down && j < side; j += 1) {
        for (let i = Math.floor(x * across); i < (x + 1) * across && i < side; i += 1) { sum += ink[j * side + i]; count += 1; }
      }
      into[y * width + x] = count ? sum / count : 0;
    }
    return into;
  }

  const SIDE = 84; // of the pad: three times as fine as an image of MNIST
  const hint = () => netviz.say("Draw with pointer or finger, or with keys: arrows move the pen, Space puts it down and lifts it.");

  /** A canvas to draw on. The pen goes with the pointer, or by keys in steps of one pixel of the image. */
  class Pad {
    constructor(canvas, side, what, change, say) {
      Object.assign(this, { canvas, side, change, say, ink: new Float32Array(SIDE * SIDE), x: SIDE / 2, y: SIDE / 2, isDown: false });
      this.before = { role: canvas.getAttribute("role"), "aria-label": canvas.getAttribute("aria-label") };
      canvas.classList.add("drawing");
      canvas.tabIndex = 0;
      canvas.setAttribute("role", "application");
      canvas.setAttribute("aria-label", `${what} ${hint()}`);
      this.listening = new AbortController();
      const on = (names, act) => { for (const name of names) canvas.addEventListener(name, act, this.listening); };
      on(["pointerdown"], (event) => { canvas.setPointerCapture(event.pointerId); [this.x, this.y] = this.place(event); this.stroke(this.x, this.y); });
      on(["pointermove"], (event) => { if (event.buttons) this.stroke(...this.place(event)); });
      on(["keydown"], (event) => this.press(event));
      on(["focus", "blur"], () => this.paint());
      this.paint();
    }

    place({ clientX, clientY }) {
      const box = this.canvas.getBoundingClientRect();
      return [((clientX - box.left) / box.width) * SIDE, ((clientY - box.top) / box.height) * SIDE];
    }

    press(event) {
      const step = { ArrowLeft: [-3, 0], ArrowRight: [3, 0], ArrowUp: [0, -3], ArrowDown: [0, 3] }[event.key];
      if (!step && event.key !== " ") return;
      event.preventDefault();
      const within = (value) => Math.min(SIDE - 6, Math.max(6, value));
      const [x, y] = step ? [within(this.x + step[0]), within(this.y + step[1])] : [this.x, this.y];
      if (!step) this.isDown = !this.isDown;
      if (this.isDown) this.stroke(x, y);
      else this.move(x, y);
      if (!step) this.say(netviz.say(this.isDown ? "Pen down" : "Pen up"));
      else if (!this.isDown) this.say(netviz.say("row {row}, column {column}", { row: Math.ceil((y * this.side) / SIDE), column: Math.ceil((x * this.side) / SIDE) }));
    }

    move(x, y) {
      Object.assign(this, { x, y });
      this.paint();
    }

    /** Ink from where the pen is to (x, y), without gaps however fast it goes. */
    stroke(x, y) {
      const steps = Math.max(1, Math.ceil(Math.hypot(x - this.x, y - this.y)));
      for (let k = 1; k <= steps; k += 1) this.dot(this.x + ((x - this.x) * k) / steps, this.y + ((y - this.y) * k) / steps);
      this.move(x, y);
      this.change(this);
    }

    dot(cx, cy) {
      const { ink } = this;
      for (let y = Math.max(0, Math.floor(cy - 5)); y < Math.min(SIDE, cy + 5); y += 1) {
        for (let x = Math.max(0, Math.floor(cx - 5)); x < Math.min(SIDE, cx + 5); x += 1) {
          const reached = Math.min(1, Math.max(0, 4.2 - Math.hypot(x + 0.5 - cx, y + 0.5 - cy)));
          ink[y * SIDE + x] = Math.max(ink[y * SIDE + x], reached);
        }
      }
    }

    /** The ink, and for who draws by keys the pen: an open square, filled while it is down. */
    paint() {
      netviz.paint(this.canvas, this.ink, { width: SIDE, height: SIDE, kind: "image" });
      if (!this.canvas.matches(":focus-visible")) return;
      const brush = this.canvas.getContext("2d");
      const square = (colour, half) => { brush.fillStyle = colour; brush.fillRect(Math.round(this.x) - half, Math.round(this.y) - half, 2 * half, 2 * half); };
      square("#000", 5);
      square("#fff", 4);
      square(this.isDown ? "#4a3fb5" : "#000", 3);
    }

    clear() {
      this.ink.fill(0);
      this.paint();
    }

    /** Put an image (width × height numbers in 0..1) on the pad as ink, to be drawn over. */
    lay(pixels, width, height) {
      this.ink = this.ink.map((_, k) => {
        const x = Math.floor(((k % SIDE) * width) / SIDE), y = Math.floor((Math.floor(k / SIDE) * height) / SIDE);
        return pixels[y * width + x];
      });
      this.paint();
    }

    /** What was drawn as an image for a network: prepared as the digits of MNIST, or unchanged. */
    image({ digits, width, height }) {
      return digits ? prepare(this.ink, SIDE) : reduced(this.ink, SIDE, { width, height });
    }

    remove() {
      const { canvas, before } = this;
      this.listening.abort();
      canvas.classList.remove("drawing");
      canvas.removeAttribute("tabindex");
      for (const [name, value] of Object.entries(before)) canvas.setAttribute(name, value);
    }
  }

  Pad.hint = hint;
  netviz.Pad = Pad;
})();
