/* The network itself, run on an image that the reader picks or draws. */
"use strict";
(() => {
  const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
  const plain = (value) => value.toFixed(2).replace("-", "−");

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
      const why = netviz.select("Why", [["winner", "the winner"], ...named], "winner", (value) => { this.asked.first = value; this.show(); });
      const not = netviz.select("and not", [["none", "–"], ["second", "the runner-up"], ...named], "none", (value) => { this.asked.second = value; this.show(); });
      this.controls(why, not, ...(width === height ? [this.drawer] : []));
      const image = netviz.shelf(this.querySelector(".shelf"), this.images, classes, (index) => this.pick(index));
      this.pick(0);
      this.settings({ image, why, not });
    }

    replace(selector, label) {
      const canvas = netviz.el("canvas", { role: "img", "aria-label": label });
      this.querySelector(selector).replaceChildren(canvas);
      return canvas;
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
      const yours = (pad) => this.see(pad.image(this.config), "yours");
      const pad = new netviz.Pad(this.canvas, this.config.height, netviz.say(this.config.digits ? "Draw a digit here." : "Draw an image here."), yours, (text) => this.announce(text));
      const clear = netviz.button("Clear", () => { pad.clear(); yours(pad); });
      const stop = netviz.button("Back to the test images", () => { this.pick(0); this.drawer.focus(); });
      const hint = netviz.el("p", { class: "hint" }, netviz.Pad.hint());
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
