/* The network itself: what each place of an image adds to a score, and what a cover takes away. */
"use strict";
(() => {
  const signed = (value) => netviz.signed(value, 2);
  const plain = (value) => netviz.number(value, 2);

  netviz.define("nv-evidence-map", class extends netviz.Figure {
    async enhance() {
      const { data, exhibits, places, classes, rows, columns } = this.config;
      const [network, images, sums] = await Promise.all([data, exhibits, places].map(netviz.load));
      this.network = new netviz.Network(network);
      this.images = new netviz.Images(images);
      this.places = { ...sums, weights: netviz.floats(sums.weights), lost: netviz.floats(sums.lost) };
      this.image = this.replace(".image .nv-tile", netviz.say("The image. Arrow keys cover a part of it."));
      this.map = this.replace(".map .nv-tile", netviz.say("The evidence. Arrow keys read it place by place."));
      this.lost = this.replace(".lost .nv-tile", netviz.say("What is lost. Arrow keys read it place by place."));
      this.reading = this.querySelector(".reading");
      netviz.probe(this.map, columns, rows, (x, y) => this.read(x, y), () => this.rest());
      netviz.probe(this.lost, sums.columns, sums.rows, (x, y) => this.readLost(x, y), () => this.rest());
      netviz.probe(this.image, this.images.width, this.images.height, (x, y) => this.cover(x, y), () => this.put(this.kept));
      // A click keeps the cover in its place, a second one lets it go.
      this.image.addEventListener("click", () => {
        this.kept = this.kept < 0 ? this.covered : -1;
        this.put(this.kept);
      });
      this.asked = { first: "winner", second: "none" };
      const named = classes.map((name, k) => [k, netviz.named(name)]);
      const why = netviz.select(netviz.say("Why"), [["winner", netviz.say("the winner")], ...named], "winner", (value) => { this.asked.first = value; this.show(); });
      const not = netviz.select(netviz.say("and not"), [["none", "–"], ["second", netviz.say("the runner-up")], ...named], "none", (value) => { this.asked.second = value; this.show(); });
      this.controls(why, not);
      const image = netviz.shelf(this.querySelector(".nv-shelf"), this.images, classes, (index) => this.pick(index));
      this.pick(0);
      const cover = { get: () => this.covered, set: (at) => this.put((this.kept = at)) };
      this.settings({ image, why, not, cover });
    }

    replace(selector, label) {
      const canvas = netviz.el("canvas", { role: "img", "aria-label": label });
      this.querySelector(selector).replaceChildren(canvas);
      return canvas;
    }

    pick(index) {
      this.at = index;
      this.pixels = this.images.image(index);
      const outputs = this.network.outputs(this.pixels);
      this.maps = outputs.at(-3);
      this.logits = outputs.at(-1);
      this.order = [...this.logits.keys()].sort((a, b) => this.logits[b] - this.logits[a]);
      this.querySelector(".actual").textContent = netviz.named(this.config.classes[this.images.labels[index]]);
      this.show();
    }

    paintImage(pixels) {
      const { width, height, channels } = this.images;
      netviz.paint(this.image, pixels, { width, height, channels, kind: "image" });
    }

    /** What is asked: one class, or the gap between two (`second` is -1 for one). */
    question() {
      const first = this.asked.first === "winner" ? this.order[0] : Number(this.asked.first);
      const second = { none: -1, second: this.order.find((k) => k !== first) }[this.asked.second] ?? Number(this.asked.second);
      return { first, second: second === first ? -1 : second };
    }

    show() {
      const { classes, rows, columns } = this.config;
      const { first, second } = this.question();
      const { biases } = this.network.layers.at(-1);
      this.terms = this.evidence(first, second);
      this.limit = this.terms.reduce((most, term) => Math.max(most, Math.abs(term)), 0);
      netviz.paint(this.map, this.terms, { width: columns, height: rows, kind: "signed", limit: this.limit });
      this.losses = this.lostAt(first, second);
      this.largest = this.losses.reduce((most, loss) => Math.max(most, Math.abs(loss)), 0);
      netviz.paint(this.lost, this.losses, { width: this.places.columns, height: this.places.rows, kind: "signed", limit: this.largest });
      this.scale(".map", this.limit);
      this.scale(".lost", this.largest);
      const bias = biases[first] - (second < 0 ? 0 : biases[second]);
      const plus = this.terms.reduce((sum, term) => sum + Math.max(0, term), 0);
      const minus = this.terms.reduce((sum, term) => sum + Math.max(0, -term), 0);
      this.total = plus - minus + bias;
      const asked = second < 0 ? classes[first] : netviz.say("{class} and not {other}", { class: classes[first], other: classes[second] });
      this.querySelector(".asked").textContent = netviz.say("evidence for {class}", { class: asked });
      const part = (name, value, kind) => [`${name} `, netviz.el("b", { class: kind }, value), " · "];
      this.querySelector(".ledger").replaceChildren(
        ...part(netviz.say("for"), signed(plus), "plus"), ...part(netviz.say("against"), plain(-minus), "minus"), ...part(netviz.say("bias"), plain(bias), ""),
        `${netviz.say(second < 0 ? "score" : "lead")} `, netviz.el("b", { class: "total" }, plain(this.total)));
      this.put((this.kept = -1));
      this.announce(netviz.say("{question}: {score}", { question: asked, score: plain(this.total) }));
    }

    answer(logits) {
      const best = logits.indexOf(Math.max(...logits));
      this.querySelector(".answer b").textContent = netviz.named(this.config.classes[best]);
    }

    /** What each place adds to the score of `first`, less what it adds to that of `second`. */
    evidence(first, second) {
      const { rows, columns, classes } = this.config;
      const { weights, shared } = this.places;
      const channels = this.maps.length / (rows * columns);
      const count = classes.length;
      return Float64Array.from({ length: rows * columns }, (_, place) => {
        let sum = 0;
        for (let c = 0; c < channels; c += 1) {
          const at = ((shared ? 0 : place) * channels + c) * count;
          sum += this.maps[place * channels + c] * (weights[at + first] - (second < 0 ? 0 : weights[at + second]));
        }
        return sum;
      });
    }

    lostAt(first, second) {
      const { lost, rows, columns } = this.places;
      const count = this.config.classes.length;
      const start = this.at * rows * columns;
      return Float64Array.from({ length: rows * columns }, (_, place) => {
        const at = (start + place) * count;
        return lost[at + first] - (second < 0 ? 0 : lost[at + second]);
      });
    }

    scale(selector, limit) {
      const legend = this.querySelector(`${selector} .nv-legend`);
      legend.firstElementChild.textContent = plain(-limit);
      legend.lastElementChild.textContent = signed(limit);
    }

    rest() {
      this.reading.textContent = "";
    }

    read(x, y) {
      this.reading.textContent = netviz.say("row {row}, column {column}: {value}", { row: y + 1, column: x + 1, value: signed(this.terms[y * this.config.columns + x]) });
    }

    readLost(x, y) {
      this.reading.textContent = netviz.say("row {row}, column {column}: covered, the score loses {value}", { row: y + 1, column: x + 1, value: plain(this.losses[y * this.places.columns + x]) });
    }

    /** Cover the square around a pixel with the mean colour of all images, and run the network again. */
    cover(x, y) {
      const { width, height, channels } = this.images;
      const { cover, fill, classes } = this.config;
      this.covered = y * width + x;
      const left = Math.max(0, Math.min(width - cover, x - (cover >> 1)));
      const top = Math.max(0, Math.min(height - cover, y - (cover >> 1)));
      const pixels = this.pixels.slice();
      for (let row = top; row < top + cover; row += 1) {
        for (let column = left; column < left + cover; column += 1) {
          for (let c = 0; c < channels; c += 1) pixels[(row * width + column) * channels + c] = fill[c];
        }
      }
      this.paintImage(pixels);
      const logits = this.network.logits(pixels);
      this.answer(logits);
      const { first, second } = this.question();
      const score = logits[first] - (second < 0 ? 0 : logits[second]);
      this.reading.textContent = netviz.say("Covered: {class} has a score of {score} instead of {total}.", { class: classes[first], score: plain(score), total: plain(this.total) });
    }

    /** Cover the square around pixel `at`, counted row by row; -1 uncovers the image. */
    put(at) {
      if (at >= 0) {
        this.cover(at % this.images.width, Math.floor(at / this.images.width));
        return;
      }
      this.covered = -1;
      this.paintImage(this.pixels);
      this.answer(this.logits);
      this.rest();
    }
  });
})();
