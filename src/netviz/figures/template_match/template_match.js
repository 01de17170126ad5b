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
      const named = classes.map((name, k) => [k, name]);
      this.controls(
        netviz.select("Why", [["winner", "the winner"], ...named], "winner", (value) => { this.asked.first = value; this.show(); }),
        netviz.select("and not", [["none", "–"], ["second", "the runner-up"], ...named], "none", (value) => { this.asked.second = value; this.show(); }),
        ...(width === 28 && height === 28 ? [netviz.button("Draw a digit", () => this.draw())] : []),
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
      this.see(this.images.image(index), this.config.classes[this.images.labels[index]]);
    }

    see(pixels, actual) {
      this.pixels = pixels;
      this.logits = this.network.logits(pixels);
      this.probabilities = netviz.softmax(this.logits);
      this.order = [...this.logits.keys()].sort((a, b) => this.logits[b] - this.logits[a]);
      this.querySelector(".actual").textContent = actual;
      const { width, height } = this.config;
      if (!this.drawing) netviz.paint(this.canvas, pixels, { width, height, kind: "image" });
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
      const biases = this.network.biases[0];
      const bias = biases[first] - (gap ? biases[second] : 0);
      this.limit = this.terms.reduce((most, term) => Math.max(most, Math.abs(term)), 0);
      netviz.paint(this.map, this.terms, { width, height, kind: "signed", limit: this.limit });
      this.scale();
      const plus = this.terms.reduce((sum, term) => sum + Math.max(0, term), 0);
      const minus = this.terms.reduce((sum, term) => sum + Math.min(0, term), 0);
      this.total = plus + minus + bias;
      this.querySelector(".asked").textContent = gap ? `${classes[first]} and not ${classes[second]}` : classes[first];
      const part = (name, value, kind) => [`${name} `, netviz.el("b", { class: kind }, value), " · "];
      this.querySelector(".ledger").replaceChildren(
        ...part("for", signed(plus), "plus"), ...part("against", signed(minus), "minus"), ...part("bias", plain(bias), ""),
        gap ? "lead " : "score ", netviz.el("b", { class: "total" }, plain(this.total)));
      this.bars();
      this.announce(`${classes[this.order[0]]}, ${netviz.percent(this.probabilities[this.order[0]])}`);
    }

    scale() {
      const legend = this.note.querySelector(".nv-legend");
      if (!legend) return;
      legend.firstElementChild.textContent = signed(-this.limit);
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

    /** A sheet to draw on, three times as fine as the image; every stroke is scored at once. */
    draw() {
      const side = 84;
      const ink = new Float32Array(side * side);
      this.drawing = true;
      const canvas = this.canvas;
      canvas.classList.add("drawing");
      canvas.setAttribute("aria-label", "Draw a digit here");
      const paint = () => netviz.paint(canvas, ink, { width: side, height: side, kind: "image" });
      paint();
      const dot = (event) => {
        const box = canvas.getBoundingClientRect();
        const cx = ((event.clientX - box.left) / box.width) * side, cy = ((event.clientY - box.top) / box.height) * side;
        for (let y = 0; y < side; y += 1) for (let x = 0; x < side; x += 1) {
          const distance = Math.hypot(x + 0.5 - cx, y + 0.5 - cy);
          ink[y * side + x] = Math.max(ink[y * side + x], Math.min(1, Math.max(0, 4.2 - distance)));
        }
        paint();
      };
      canvas.onpointerdown = (event) => { canvas.setPointerCapture(event.pointerId); dot(event); };
      canvas.onpointermove = (event) => { if (event.buttons && this.drawing) { dot(event); this.see(prepare(ink, side), "yours"); } };
      canvas.onpointerup = () => this.see(prepare(ink, side), "yours");
      this.see(new Float32Array(this.config.width * this.config.height), "yours");
      const stop = netviz.button("Back to the test images", () => {
        this.drawing = false;
        canvas.classList.remove("drawing");
        canvas.onpointerdown = canvas.onpointermove = canvas.onpointerup = null;
        clear.remove();
        stop.remove();
        this.pick(0);
      });
      const clear = netviz.button("Clear", () => { ink.fill(0); paint(); this.see(new Float32Array(784), "yours"); });
      this.querySelectorAll(".nv-controls .nv-button.extra").forEach((button) => button.remove());
      for (const button of [clear, stop]) button.classList.add("extra");
      this.controls(clear, stop);
    }
  });
})();
