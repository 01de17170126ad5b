/* A pad with an image on it already: every stroke is scored at once. The network loads with the first. */
"use strict";
netviz.define("nv-hero", class extends netviz.Figure {
  enhance() {
    const { image, height, digits } = this.config;
    this.entries = [...this.querySelectorAll("li")];
    this.hint = this.querySelector(".hint");
    const tile = this.querySelector(".pad .nv-tile");
    const canvas = netviz.el("canvas", { role: "img", "aria-label": tile.querySelector("img").alt });
    this.pad = new netviz.Pad(canvas, height, netviz.say(digits ? "Draw a digit here." : "Draw an image here."), () => this.score(this.pad.image(this.config)), (text) => this.announce(text));
    tile.replaceChildren(canvas);
    this.lay(Float32Array.from(netviz.bytes(image), (byte) => byte / 255));
    this.place = 0;
    this.controls(netviz.button(netviz.say("Clear"), () => this.clear()), netviz.button(netviz.say("Another"), () => this.another().catch((error) => this.fail(error))));
    this.hint.append(" ", netviz.el("span", {}, netviz.say("Draw over it.")));
    this.settings({ image: { get: () => this.place, set: (k) => this.see(k) } });
  }

  /** Put an image on the pad as ink, enlarged by a whole factor. */
  lay(pixels) {
    this.pad.lay(pixels, this.config.width, this.config.height);
  }

  clear() {
    this.pad.clear();
    this.hint.textContent = netviz.say(this.config.digits ? "Draw a digit" : "Draw an image");
    this.score(this.pad.image(this.config));
  }

  async another() {
    this.images ||= new netviz.Images(await netviz.load(this.config.images));
    await this.see((this.place + 37) % this.images.count); // through all classes, and every image in the end
  }

  async see(place) {
    this.images ||= new netviz.Images(await netviz.load(this.config.images));
    const { labels } = this.images;
    this.place = place;
    const pixels = this.images.image(this.place);
    this.lay(pixels);
    this.hint.textContent = netviz.say("A test image of {class}.", { class: this.config.classes[labels[this.place]] });
    await this.score(pixels);
  }

  async score(pixels) {
    try {
      this.network ||= new netviz.Network(await netviz.load(this.config.data));
    } catch (error) {
      this.fail(error);
      return;
    }
    const logits = this.network.logits(pixels);
    const winner = logits.indexOf(Math.max(...logits));
    this.entries.forEach((entry, k) => {
      entry.toggleAttribute("data-winner", k === winner);
      entry.querySelector(".score").textContent = netviz.signed(logits[k], 1);
    });
    const share = netviz.share(netviz.softmax(logits)[winner]);
    this.announce(netviz.say("{class}, {share}", { class: this.config.classes[winner], share }));
  }
});
