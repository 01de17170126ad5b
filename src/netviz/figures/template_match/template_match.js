/* The network itself, run on an image that the reader picks or draws. */
"use strict";
(() => {
  const signed = (value) => netviz.signed(value, 2);
  const plain = (value) => netviz.number(value, 2);

  netviz.define("nv-template-match", class extends netviz.Figure {
    async enhance() {
      const { data, exhibits, classes, width, height } = this.config;
      const [network, images] = await Promise.all([netviz.load(data), netviz.load(exhibits)]);
      this.network = new netviz.Network(network);
      this.images = new netviz.Images(images);
      this.weightsOf = classes.map((_, k) => this.network.filter(k));
      this.canvas = this.replace(".input .nv-tile", netviz.say("The image"));
      this.map = this.replace(".map .nv-tile", netviz.say("The evidence. Arrow keys read it pixel by pixel."));
      this.note = this.querySelector(".map .note");
      this.legend = this.note.innerHTML;
      netviz.probe(this.map, width, height, (x, y) => this.read(x, y), () => { this.note.innerHTML = this.legend; this.scale(); });
      this.asked = { first: "winner", second: "none" };
      this.drawer = netviz.button(netviz.say(this.config.digits ? "Draw a digit" : "Draw an image"), () => this.draw());
      const named = classes.map((name, k) => [k, netviz.named(name)]);
      const why = netviz.select(netviz.say("Why"), [["winner", netviz.say("the winner")], ...named], "winner", (value) => { this.asked.first = value; this.show(); });
      const not = netviz.select(netviz.say("and not"), [["none", "–"], ["second", netviz.say("the runner-up")], ...named], "none", (value) => { this.asked.second = value; this.show(); });
      this.controls(why, not, ...(width === height ? [this.drawer] : []));
      const image = netviz.shelf(this.querySelector(".nv-shelf"), this.images, classes, (index) => this.pick(index));
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
      this.see(this.images.image(index), netviz.named(this.config.classes[this.images.labels[index]]));
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
      const asked = gap ? netviz.say("{class} and not {other}", { class: classes[first], other: classes[second] }) : netviz.named(classes[first]);
      this.querySelector(".asked").textContent = netviz.say("evidence for {class}", { class: asked });
      const part = (name, value, kind) => [`${name} `, netviz.el("b", { class: kind }, value), " · "];
      this.querySelector(".ledger").replaceChildren(
        ...part(netviz.say("for"), signed(plus), "plus"), ...part(netviz.say("against"), plain(-Math.abs(minus)), "minus"), ...part(netviz.say("bias"), plain(bias), ""),
        gap ? netviz.say("lead") : netviz.say("score"), " ", netviz.el("b", { class: "total" }, plain(this.total)));
      this.bars();
      const winner = this.order[0];
      const told = { class: classes[winner], share: netviz.share(this.probabilities[winner]), asked, score: plain(this.total) };
      this.announce(netviz.say("{class}, {share}. {asked}: {score}", told));
    }

    scale() {
      const legend = this.note.querySelector(".nv-legend");
      if (!legend) return;
      legend.firstElementChild.textContent = plain(-this.limit);
      legend.lastElementChild.textContent = signed(this.limit);
    }

    bars() {
      const low = Math.min(0, ...this.logits), high = Math.max(0, ...this.logits);
      const x = (value) => (200 * (value - low)) / (high - low || 1);
      this.querySelectorAll("tbody tr").forEach((row, k) => {
        const logit = this.logits[k];
        row.toggleAttribute("data-winner", k === this.order[0]);
        row.querySelector(".logit").textContent = plain(logit);
        row.querySelector(".probability").textContent = netviz.share(this.probabilities[k]);
        const bar = row.querySelector("rect");
        bar.setAttribute("class", logit > 0 ? "for" : "against");
        bar.setAttribute("x", x(Math.min(0, logit)));
        bar.setAttribute("width", Math.abs(x(logit) - x(0)));
        row.querySelector("path").setAttribute("d", `M${x(0)},0v16`);
      });
    }

    read(x, y) {
      const at = y * this.config.width + x;
      this.note.textContent = netviz.say("row {row}, column {column}: pixel {pixel}, evidence {evidence}", { row: y + 1, column: x + 1, pixel: plain(this.pixels[at]), evidence: signed(this.terms[at]) });
    }

    /** Open a pad in the image's place; every stroke is scored at once. */
    draw() {
      this.close();
      const yours = (pad) => this.see(pad.image(this.config), netviz.say("yours"));
      const pad = new netviz.Pad(this.canvas, this.config.height, netviz.say(this.config.digits ? "Draw a digit here." : "Draw an image here."), yours, (text) => this.announce(text));
      const clear = netviz.button(netviz.say("Clear"), () => { pad.clear(); yours(pad); });
      const stop = netviz.button(netviz.say("Back to the test images"), () => { this.pick(0); this.drawer.focus(); });
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
