/* Trains a network of one layer in the page: softmax, cross-entropy, plain stochastic gradient
 * descent. A frame does a few steps and stops when its time is up, so that the page stays smooth
 * and the pictures form at a pace that can be watched; readers who want no motion see them change
 * once a pass. The images load when training is first asked for. */
"use strict";
{
  const BATCH = 10;
  const STEPS = 8; // a frame at most
  const SLICE = 9; // milliseconds of work a frame
  const nextFrame = () => new Promise(requestAnimationFrame);

  netviz.define("nv-train-it-yourself", class extends netviz.Figure {
    enhance() {
      const decimals = (number) => (String(number).split(".")[1] || "").length;
      const named = (numbers) => numbers.map((number) => [number, number ? netviz.number(number, decimals(number)) : netviz.say("none")]);
      this.rate = 0.03;
      this.decay = 0.001;
      this.go = netviz.button(netviz.say("Train"), () => (this.running ? this.pause() : this.run()));
      const rate = netviz.select(netviz.say("Learning rate"), named(this.config.rates), this.rate, (value) => { this.rate = Number(value); });
      const decay = netviz.select(netviz.say("Weight decay"), named(this.config.decays), this.decay, (value) => { this.decay = Number(value); });
      this.controls(this.go, netviz.button(netviz.say("Start again"), () => this.reset()), rate, decay);
      this.settings({ rate, decay });
      this.said = this.querySelector(".said");
    }

    /** Load and unpack the images, one set a frame, and put canvases in the pictures' places. */
    async prepare() {
      const training = new netviz.Images(await netviz.load(this.config.training));
      await nextFrame();
      this.held = new netviz.Images(await netviz.load(this.config.held));
      await nextFrame();
      this.inputs = training.size;
      this.units = this.config.classes.length;
      this.canvases = [...this.querySelectorAll(".pictures .nv-tile")].map((tile) => {
        const picture = tile.querySelector("img");
        const canvas = netviz.el("canvas", { role: "img", "aria-label": picture.alt });
        picture.replaceWith(canvas);
        return canvas;
      });
      this.training = training;
      this.begin();
    }

    begin() {
      this.weights = new Float32Array(this.inputs * this.units);
      this.biases = new Float32Array(this.units);
      this.order = this.training.labels.map((_, i) => i);
      this.place = this.order.length;
      this.pass = 0;
      this.course = []; // accuracy before the first pass and after each
      this.losses = [];
      this.measure();
    }

    async run() {
      if (!this.training) {
        this.go.disabled = true;
        try {
          await this.prepare();
        } catch (error) {
          this.said.textContent = `${error.message} ${netviz.say("Press Train to try again.")}`;
          this.announce(this.said.textContent);
          return;
        } finally {
          this.go.disabled = false;
        }
      }
      if (this.pass >= this.config.passes) this.begin();
      this.running = true;
      this.go.textContent = netviz.say("Pause");
      this.announce(netviz.say("Training"));
      this.next();
    }

    pause() {
      this.stop(this.pass < this.config.passes ? netviz.say("Train on") : netviz.say("Train again"));
      this.announce(this.said.textContent);
    }

    reset() {
      this.stop(netviz.say("Train"));
      if (!this.training) return;
      this.begin();
      this.show();
      this.announce(this.said.textContent);
    }

    stop(offer) {
      this.running = false;
      cancelAnimationFrame(this.coming);
      this.go.textContent = offer;
    }

    next() {
      this.coming = requestAnimationFrame(() => this.frame());
    }

    frame() {
      const end = performance.now() + SLICE;
      const { pass } = this;
      for (let steps = 0; steps < STEPS && this.pass === pass && performance.now() < end; steps += 1) this.step();
      if (!netviz.still.matches || this.pass !== pass) this.show();
      if (this.pass >= this.config.passes) this.pause();
      else this.next();
    }

    /** One step on a few images, shuffled again at each pass. */
    step() {
      if (this.place >= this.order.length) this.shuffle();
      const { inputs, units, weights, biases } = this;
      const images = this.order.slice(this.place, this.place + BATCH);
      const errors = images.map((image) => {
        const shares = netviz.softmax(this.logits(this.training, image));
        shares[this.training.labels[image]] -= 1;
        return shares;
      });
      const shrink = 1 - this.rate * this.decay;
      for (let at = 0; at < weights.length; at += 1) weights[at] *= shrink;
      const rate = this.rate / images.length;
      images.forEach((image, b) => {
        const { pixels } = this.training;
        for (let i = 0, from = image * inputs; i < inputs; i += 1, from += 1) {
          if (pixels[from] === 0) continue;
          const change = (rate * pixels[from]) / 255;
          for (let j = 0, at = i * units; j < units; j += 1, at += 1) weights[at] -= change * errors[b][j];
        }
        for (let j = 0; j < units; j += 1) biases[j] -= rate * errors[b][j];
      });
      this.place += images.length;
      if (this.place < this.order.length) return;
      this.pass += 1;
      this.measure();
    }

    shuffle() {
      for (let i = this.order.length - 1; i > 0; i -= 1) {
        const j = Math.floor(Math.random() * (i + 1));
        [this.order[i], this.order[j]] = [this.order[j], this.order[i]];
      }
      this.place = 0;
    }

    logits({ pixels }, image) {
      const { inputs, units, weights } = this;
      const sums = Array.from(this.biases);
      for (let i = 0, from = image * inputs; i < inputs; i += 1, from += 1) {
        if (pixels[from] === 0) continue;
        const x = pixels[from] / 255;
        for (let j = 0, at = i * units; j < units; j += 1, at += 1) sums[j] += x * weights[at];
      }
      return sums;
    }

    /** Take down the share of held-out images read correctly, and their mean cross-entropy. */
    measure() {
      let [right, loss] = [0, 0];
      this.held.labels.forEach((label, image) => {
        const scores = this.logits(this.held, image);
        const top = Math.max(...scores);
        right += scores.indexOf(top) === label;
        loss += top - scores[label] + Math.log(scores.reduce((sum, z) => sum + Math.exp(z - top), 0));
      });
      this.course.push(right / this.held.count);
      this.losses.push(loss / this.held.count);
    }

    show() {
      const { width, height, channels, classes, counts, passes, guessing } = this.config;
      const limit = this.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
      this.canvases.forEach((canvas, j) => {
        const filter = Float32Array.from({ length: this.inputs }, (_, i) => this.weights[i * this.units + j]);
        const kind = channels === 3 ? { kind: "grey", low: -limit, high: limit || 1 } : { kind: "signed", limit };
        netviz.paint(canvas, filter, { width, height, channels, ...kind });
        canvas.setAttribute("aria-label", netviz.sayCounted("Weights of {class} after {count} passes", "Weights of {class} after {count} pass", { class: classes[j], count: this.pass }));
      });
      const [now, loss] = [this.course.at(-1), this.losses.at(-1)];
      this.said.textContent = this.pass
        ? netviz.say("Your network after {pass} of {passes} passes: {accuracy} of {count} held-out images right, loss {loss}.", { pass: this.pass, passes, accuracy: netviz.share(now), count: counts.held_out, loss: netviz.number(loss, 2) })
        : netviz.say("Your network has not learnt anything yet.");
      const top = Math.max(guessing, ...this.losses);
      this.querySelector(".plot:last-child .top").textContent = netviz.number(top, 1);
      this.querySelector(".plot:last-child .goal").setAttribute("transform", `translate(0 ${92 - (86 * guessing) / top})`);
      this.line(".accuracy", this.course);
      this.line(".loss", this.losses.map((value) => value / top));
    }

    /** Draw shares of the chart's height, one a pass. */
    line(name, shares) {
      const places = shares.map((share, k) => `${(40 + (278 * k) / this.config.passes).toFixed(1)} ${(92 - 86 * share).toFixed(1)}`);
      this.querySelector(name).setAttribute("d", `M${places.join("L")}`);
    }
  });
}
