/* The network itself, run on an image that the reader picks or draws. */
"use strict";
(() => {
  const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
  const plain = (value) => value.toFixed(2).replace("-", "−");

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

  /** Scale ink down to the image's size as it was drawn: where it stands, it stays. */
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
  const HINT = "Draw with pointer or finger, or with keys: arrows move the pen, Space puts it down and lifts it.";

  /** A canvas to draw on. The pen goes with the pointer, or by keys in steps of one pixel of the image. */
  class Pad {
    constructor(canvas, side, what, change, say) {
      Object.assign(this, { canvas, side, change, say, ink: new Float32Array(SIDE * SIDE), x: SIDE / 2, y: SIDE / 2, isDown: false });
      this.before = { role: canvas.getAttribute("role"), "aria-label": canvas.getAttribute("aria-label") };
      canvas.classList.add("drawing");
      canvas.tabIndex = 0;
      canvas.setAttribute("role", "application");
      canvas.setAttribute("aria-label", `${what} here. ${HINT}`);
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
      if (!step) this.say(this.isDown ? "Pen down" : "Pen up");
      else if (!this.isDown) this.say(`row ${Math.ceil((y * this.side) / SIDE)}, column ${Math.ceil((x * this.side) / SIDE)}`);
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

    remove() {
      const { canvas, before } = this;
      this.listening.abort();
      canvas.classList.remove("drawing");
      canvas.removeAttribute("tabindex");
      for (const [name, value] of Object.entries(before)) canvas.setAttribute(name, value);
    }
  }

  netviz.define("nv-template-match", class extends netviz.Figure {
    async enhance() {
      const { data, exhibits, classes, width, height } = this.config;
      const [network, images] = await Promise.all([netviz.load(data), netviz.load(exhibits)]);
      this.network = new netviz.Network(network);
      this.images = new netviz.Images(images);
      this.weightsOf = classes.map((_, k) => this.network.filter(k));
      this.canvas = this.replace(".input .nv-tile", "The image");
      this.map = this.replace(".map .nv-tile", "The evidence. Arrow keys read it pixel by pixel.");
      this.note = this.querySelector(".map .note");
      this.legend = this.note.innerHTML;
      netviz.probe(this.map, width, height, (x, y) => this.read(x, y), () => { this.note.innerHTML = this.legend; this.scale(); });
      this.asked = { first: "winner", second: "none" };
      this.drawn = this.config.digits ? "Draw a digit" : "Draw an image";
      this.drawer = netviz.button(this.drawn, () => this.draw());
      const named = classes.map((name, k) => [k, name]);
      this.controls(
        netviz.select("Why", [["winner", "the winner"], ...named], "winner", (value) => { this.asked.first = value; this.show(); }),
        netviz.select("and not", [["none", "–"], ["second", "the runner-up"], ...named], "none", (value) => { this.asked.second = value; this.show(); }),
        ...(width === height ? [this.drawer] : []),
      );
      this.shelve();
      this.pick(0);
    }

    replace(selector, label) {
      const canvas = netviz.el("canvas", { role: "img", "aria-label": label });
      this.querySelector(selector).replaceChildren(canvas);
      return canvas;
    }

    shelve() {
      const { width, height, channels } = this.images;
      const shelf = this.querySelector(".shelf");
      for (let i = 0; i < this.images.count; i += 1) {
        const tile = netviz.tile("");
        netviz.paint(tile.firstChild, this.images.image(i), { width, height, channels, kind: "image" });
        tile.firstChild.setAttribute("aria-hidden", "true");
        shelf.append(netviz.el("button", { type: "button", "aria-label": `test image ${i + 1}: ${this.config.classes[this.images.labels[i]]}`, onclick: () => this.pick(i) }, tile));
      }
      const columns = () => getComputedStyle(shelf).gridTemplateColumns.split(" ").length;
      let ready = false;
      netviz.grid(shelf, "button", columns, (_, index) => { if (ready && shelf.contains(document.activeElement)) this.pick(index); });
      ready = true;
    }

    pick(index) {
      this.close();
      this.see(this.images.image(index), this.config.classes[this.images.labels[index]]);
    }

    see(pixels, actual) {
      this.pixels = pixels;
      this.logits = this.network.logits(pixels);
      this.probabilities = netviz.softmax(this.logits);
      this.order = [...this.logits.keys()].sort((a, b) => this.logits[b] - this.logits[a]);
      this.querySelector(".actual").textContent = actual;
      const { width, height } = this.config;
      if (!this.pad) netviz.paint(this.canvas, pixels, { width, height, kind: "image" });
      this.show();
    }

    /** Paint scores and evidence of what is asked: one class, or the gap between two. */
    show() {
      const { classes, width, height } = this.config;
      const first = this.asked.first === "winner" ? this.order[0] : Number(this.asked.first);
      const second = { none: -1, second: this.order.find((k) => k !== first) }[this.asked.second] ?? Number(this.asked.second);
      const gap = second >= 0 && second !== first;
      const ours = this.weightsOf[first];
      const theirs = gap ? this.weightsOf[second] : null;
      this.terms = Float64Array.from(this.pixels, (x, i) => x * (ours[i] - (theirs ? theirs[i] : 0)));
      const { biases } = this.network.weighted[0];
      const bias = biases[first] - (gap ? biases[second] : 0);
      this.limit = this.terms.reduce((most, term) => Math.max(most, Math.abs(term)), 0);
      netviz.paint(this.map, this.terms, { width, height, kind: "signed", limit: this.limit });
      this.scale();
      const plus = this.terms.reduce((sum, term) => sum + Math.max(0, term), 0);
      const minus = this.terms.reduce((sum, term) => sum + Math.min(0, term), 0);
      this.total = plus + minus + bias;
      const asked = gap ? `${classes[first]} and not ${classes[second]}` : classes[first];
      this.querySelector(".asked").textContent = asked;
      const part = (name, value, kind) => [`${name} `, netviz.el("b", { class: kind }, value), " · "];
      this.querySelector(".ledger").replaceChildren(
        ...part("for", signed(plus), "plus"), ...part("against", `−${plain(-minus)}`, "minus"), ...part("bias", plain(bias), ""),
        gap ? "lead " : "score ", netviz.el("b", { class: "total" }, plain(this.total)));
      this.bars();
      this.announce(`${classes[this.order[0]]}, ${netviz.percent(this.probabilities[this.order[0]])}. ${asked}: ${plain(this.total)}`);
    }

    scale() {
      const legend = this.note.querySelector(".nv-legend");
      if (!legend) return;
      legend.firstElementChild.textContent = `−${plain(this.limit)}`;
      legend.lastElementChild.textContent = signed(this.limit);
    }

    bars() {
      const low = Math.min(0, ...this.logits), high = Math.max(0, ...this.logits);
      const x = (value) => (200 * (value - low)) / (high - low || 1);
      this.querySelectorAll("tbody tr").forEach((row, k) => {
        const logit = this.logits[k];
        row.toggleAttribute("data-winner", k === this.order[0]);
        row.querySelector(".logit").textContent = plain(logit);
        row.querySelector(".probability").textContent = netviz.percent(this.probabilities[k]);
        const bar = row.querySelector("rect");
        bar.setAttribute("class", logit > 0 ? "for" : "against");
        bar.setAttribute("x", x(Math.min(0, logit)));
        bar.setAttribute("width", Math.abs(x(logit) - x(0)));
        row.querySelector("path").setAttribute("d", `M${x(0)},0v16`);
      });
    }

    read(x, y) {
      const at = y * this.config.width + x;
      this.note.textContent = `row ${y + 1}, column ${x + 1}: pixel ${this.pixels[at].toFixed(2)}, evidence ${signed(this.terms[at])}`;
    }

    /** Open a pad in the image's place; every stroke is scored at once. */
    draw() {
      this.close();
      const yours = (pad) => this.see(this.config.digits ? prepare(pad.ink, SIDE) : reduced(pad.ink, SIDE, this.config), "yours");
      const pad = new Pad(this.canvas, this.config.height, this.drawn, yours, (text) => this.announce(text));
      const clear = netviz.button("Clear", () => { pad.clear(); yours(pad); });
      const stop = netviz.button("Back to the test images", () => { this.pick(0); this.drawer.focus(); });
      const hint = netviz.el("p", { class: "hint" }, HINT);
      this.controls(clear, stop);
      this.querySelector(".bench").before(hint);
      this.pad = { close() { for (const part of [pad, clear, stop, hint]) part.remove(); } };
      yours(pad);
      this.canvas.focus({ preventScroll: true });
    }

    close() {
      this.pad?.close();
      this.pad = null;
    }
  });
})();
