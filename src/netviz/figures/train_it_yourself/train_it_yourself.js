/* Trains a network of one layer in the page: softmax, cross-entropy, plain stochastic gradient
 * descent. Work is done in slices of a few milliseconds between frames, so that the page stays
 * smooth; readers who want no motion see the pictures change once a pass. */
"use strict";
{
  const BATCH = 10;
  const SLICE = 9; // milliseconds of work a frame
  const PASSES = 30;
  const RATES = [0.003, 0.01, 0.03, 0.1, 0.3, 1];
  const DECAYS = [0, 0.001, 0.01, 0.1];
  const SVG = "http://www.w3.org/2000/svg";

  netviz.define("nv-train-it-yourself", class extends netviz.Figure {
    enhance() {
      const named = (numbers) => numbers.map((number) => [number, number || "none"]);
      this.rate = 0.03;
      this.decay = 0.001;
      this.go = netviz.button("Train", () => (this.running ? this.pause() : this.run()));
      this.controls(this.go, netviz.button("Start again", () => this.reset()),
        netviz.select("Learning rate", named(RATES), this.rate, (value) => { this.rate = Number(value); }),
        netviz.select("Weight decay", named(DECAYS), this.decay, (value) => { this.decay = Number(value); }));
      this.said = this.querySelector(".said");
      const draw = (tag, name) => {
        const element = document.createElementNS(SVG, tag);
        if (name) element.setAttribute("class", name);
        return element;
      };
      const chart = draw("svg");
      chart.setAttribute("viewBox", `0 0 ${PASSES} 100`);
      chart.setAttribute("preserveAspectRatio", "none");
      chart.setAttribute("role", "img");
      chart.setAttribute("aria-label", "Accuracy on held-out images, pass by pass");
      const goal = draw("path", "goal");
      goal.setAttribute("d", `M0 ${100 - 100 * this.config.accuracy}H${PASSES}`);
      this.line = draw("path");
      chart.append(goal, this.line);
      this.querySelector(".course").append(chart, netviz.el("p", { class: "note" }, `Accuracy on ${this.config.counts.held_out} held-out images, 0 to 100%, over ${PASSES} passes; dashed, the network trained on ${this.config.whole.toLocaleString("en")} images.`));
    }

    async prepare() {
      const { training, held, classes } = this.config;
      const [first, second] = await Promise.all([netviz.load(training), netviz.load(held)]);
      const unpacked = (data) => {
        const images = new netviz.Images(data);
        return { labels: images.labels, pixels: Array.from({ length: data.count }, (_, i) => images.image(i)) };
      };
      this.training = unpacked(first);
      this.held = unpacked(second);
      this.inputs = this.training.pixels[0].length;
      this.units = classes.length;
      this.canvases = [...this.querySelectorAll(".pictures .nv-tile")].map((tile) => {
        const picture = tile.querySelector("img");
        const canvas = netviz.el("canvas", { role: "img", "aria-label": picture.alt });
        picture.replaceWith(canvas);
        return canvas;
      });
      this.begin();
    }

    begin() {
      this.weights = new Float32Array(this.inputs * this.units);
      this.biases = new Float32Array(this.units);
      this.order = this.training.labels.map((_, i) => i);
      this.place = this.order.length;
      this.pass = 0;
      this.course = [];
      this.line.setAttribute("d", "");
    }

    async run() {
      if (!this.training) {
        this.go.disabled = true;
        await this.prepare();
        this.go.disabled = false;
      }
      if (this.pass >= PASSES) this.begin();
      this.running = true;
      this.go.textContent = "Pause";
      this.frame();
    }

    pause() {
      this.running = false;
      this.go.textContent = this.pass < PASSES ? "Train on" : "Train again";
    }

    reset() {
      this.running = false;
      this.go.textContent = "Train";
      if (!this.training) return;
      this.begin();
      this.show();
    }

    frame() {
      if (!this.running) return;
      const end = performance.now() + SLICE;
      const pass = this.pass;
      while (performance.now() < end && this.pass === pass && this.running) this.step();
      if (!netviz.still.matches || this.pass !== pass) this.show();
      if (this.pass >= PASSES) this.pause();
      if (this.running) requestAnimationFrame(() => this.frame());
    }

    /** One step on a few images, shuffled anew at each pass. */
    step() {
      if (this.place >= this.order.length) this.shuffle();
      const { inputs, units, weights, biases } = this;
      const images = this.order.slice(this.place, this.place + BATCH);
      const errors = images.map((image) => {
        const shares = netviz.softmax(this.logits(this.training.pixels[image]));
        shares[this.training.labels[image]] -= 1;
        return shares;
      });
      const shrink = 1 - this.rate * this.decay;
      for (let at = 0; at < weights.length; at += 1) weights[at] *= shrink;
      const rate = this.rate / images.length;
      images.forEach((image, b) => {
        const pixels = this.training.pixels[image];
        for (let i = 0; i < inputs; i += 1) {
          if (pixels[i] === 0) continue;
          const change = rate * pixels[i];
          for (let j = 0, at = i * units; j < units; j += 1, at += 1) weights[at] -= change * errors[b][j];
        }
        for (let j = 0; j < units; j += 1) biases[j] -= rate * errors[b][j];
      });
      this.place += images.length;
      if (this.place < this.order.length) return;
      this.pass += 1;
      this.course.push(this.accuracy());
    }

    shuffle() {
      for (let i = this.order.length - 1; i > 0; i -= 1) {
        const j = Math.floor(Math.random() * (i + 1));
        [this.order[i], this.order[j]] = [this.order[j], this.order[i]];
      }
      this.place = 0;
    }

    logits(pixels) {
      const { inputs, units, weights } = this;
      const sums = Array.from(this.biases);
      for (let i = 0; i < inputs; i += 1) {
        if (pixels[i] === 0) continue;
        for (let j = 0, at = i * units; j < units; j += 1, at += 1) sums[j] += pixels[i] * weights[at];
      }
      return sums;
    }

    accuracy() {
      const right = this.held.pixels.filter((pixels, i) => {
        const scores = this.logits(pixels);
        return scores.indexOf(Math.max(...scores)) === this.held.labels[i];
      });
      return right.length / this.held.labels.length;
    }

    show() {
      const { width, height, channels, classes } = this.config;
      const limit = this.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
      this.canvases.forEach((canvas, j) => {
        const filter = Float32Array.from({ length: this.inputs }, (_, i) => this.weights[i * this.units + j]);
        const kind = channels === 3 ? { kind: "grey", low: -limit, high: limit || 1 } : { kind: "signed", limit };
        netviz.paint(canvas, filter, { width, height, channels, ...kind });
        canvas.setAttribute("aria-label", `Weights of ${classes[j]} after ${this.pass} passes`);
      });
      const now = this.course.at(-1);
      const drawn = this.course.length ? `Your network after ${this.pass} of ${PASSES} passes: ${netviz.percent(now)} of ${this.config.counts.held_out} held-out images right.` : "Your network has not learnt anything yet.";
      if (this.said.textContent !== drawn) this.said.textContent = drawn;
      this.line.setAttribute("d", this.course.length ? `M0 ${100 - 100 / classes.length}L${this.course.map((share, k) => `${k + 1} ${100 - 100 * share}`).join("L")}` : "");
    }
  });
}
