/* An image to drag: by pointer, finger or arrow keys. The networks read it wherever it is. */
"use strict";
netviz.define("nv-move-it", class extends netviz.Figure {
  async enhance() {
    const { data, images, place } = this.config;
    const [shipped, ...networks] = await Promise.all([images, ...data].map(netviz.load));
    this.images = new netviz.Images(shipped);
    this.networks = networks.map((network) => new netviz.Network(network));
    this.canvas = this.handle(".image", netviz.say("The image. Drag it, or move it with the arrow keys."));
    if (this.config.has_template) this.template = this.handle(".lit");
    this.controls(netviz.button(netviz.say("Another image"), () => this.pick((this.place + 7) % this.images.count)), netviz.button(netviz.say("Put it back"), () => (this.at.some(Boolean) ? this.move(0, 0) : this.announce(netviz.say("It is in its place.")))));
    this.take(place);
    this.at = [0, 0];
    this.show(); // the answers to it are in the markup
    this.mark();
    // Its values are the pixels from as far right, or down, as it goes.
    const [farRight, farDown] = this.most();
    const left = { get: () => farRight - this.at[0], set: (k) => this.move(farRight - k, this.at[1]) };
    const up = { get: () => farDown - this.at[1], set: (k) => this.move(this.at[0], farDown - k) };
    this.settings({ image: { get: () => this.place, set: (image) => this.pick(image) }, left, up });
  }

  /** A canvas that moves the image when it is dragged, or by the keys where it has a name. */
  handle(part, label) {
    const canvas = netviz.el("canvas", label ? { role: "application", "aria-label": label, tabindex: 0 } : { "aria-hidden": "true" });
    this.querySelector(`${part} .nv-tile`).replaceChildren(canvas);
    netviz.drag(canvas, this.images.width, () => this.at, (right, down) => this.move(Math.round(right), Math.round(down)), () => this.tell());
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      this.move(this.at[0] + step[0], this.at[1] + step[1]);
      this.tell();
    });
    return canvas;
  }

  pick(place) {
    this.take(place);
    this.move(0, 0);
    this.tell();
  }

  /** Take an image in hand: its pixels, its class, and the template of that. */
  take(place) {
    this.place = place;
    this.pixels = this.images.image(place);
    this.label = this.images.labels[place];
    const name = this.config.classes[this.label];
    this.querySelector(".image .note").textContent = netviz.say("a test image of {class}: drag it", { class: name });
    if (this.template) {
      this.weights = this.networks[0].filter(this.label);
      this.limit = this.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
      this.querySelector(".lit .note").textContent = netviz.say("the template of {class}, lit where the ink is", { class: name });
    }
  }

  /** How far the image goes to a side, and up or down. */
  most() {
    return [this.images.width, this.images.height].map((side) => Math.floor(side / 2));
  }

  /** Put the image so many pixels to the right and down. */
  move(right, down) {
    const within = (by, most) => Math.min(most, Math.max(-most, by));
    const [farRight, farDown] = this.most();
    this.at = [within(right, farRight), within(down, farDown)];
    this.read(this.show());
    this.mark();
  }

  /** Paint the image where it is, and its template; return its pixels. */
  show() {
    const { width, height, channels } = this.images;
    const moved = netviz.moved(this.images, this.pixels, ...this.at);
    netviz.paint(this.canvas, moved, { width, height, channels, kind: "image" });
    if (this.template) this.light(moved);
    return moved;
  }

  light(moved) {
    const { unlit, full } = this.config;
    const { width, height } = this.images;
    const lit = moved.map((ink, i) => this.weights[i] * (unlit + (1 - unlit) * ink));
    netviz.paint(this.template, lit, { width, height, kind: "signed", limit: full * this.limit });
  }

  read(moved) {
    const entries = this.querySelectorAll(".answers div");
    this.networks.forEach((network, k) => {
      const shares = netviz.softmax(network.logits(moved));
      const best = shares.indexOf(Math.max(...shares));
      const answer = entries[k].querySelector(".answer");
      answer.textContent = netviz.named(this.config.classes[best]);
      answer.classList.toggle("wrong", best !== this.label);
      entries[k].querySelector(".share").textContent = netviz.share(shares[best]);
    });
  }

  /** Mark the column of the table that counts all images moved as far to the left. */
  mark() {
    const column = this.at[1] === 0 ? this.config.distances.indexOf(-this.at[0]) : -1;
    for (const row of this.querySelectorAll("tr")) {
      row.querySelectorAll(".cells td, [scope=col]").forEach((cell, k) => cell.toggleAttribute("data-current", k === column));
    }
  }

  tell() {
    const [across, down] = this.at;
    this.announce(netviz.say("moved by {across} px across, {down} px down", { across, down }));
  }
});
