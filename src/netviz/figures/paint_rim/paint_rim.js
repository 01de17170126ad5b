/* Paints the rim of the photographs as the reader likes, and runs the network on them. */
"use strict";
netviz.define("nv-paint-rim", class extends netviz.Figure {
  async enhance() {
    const { data, images, classes, colours, colour, rim } = this.config;
    const [network, shipped] = await Promise.all([netviz.load(data), netviz.load(images)]);
    this.network = new netviz.Network(network);
    this.images = new netviz.Images(shipped);
    this.names = classes;
    this.chosen = { colour, rim };
    const choice = netviz.choice(netviz.say("Colour"), Object.keys(colours).map((name) => [name, netviz.named(name)]), colour, (value) => {
      this.chosen.colour = value;
      this.show();
    });
    for (const button of choice.querySelectorAll("button")) button.prepend(this.swatch(colours[button.value]));
    const widths = netviz.choice(netviz.say("Width in pixels"), this.config.shares[colour].map((_, width) => [width, netviz.number(width)]), rim, (value) => {
      this.chosen.rim = Number(value);
      this.show();
    });
    this.controls(choice, widths);
    this.tiles = [...this.querySelectorAll("li")].map((item) => {
      const canvas = netviz.el("canvas", { role: "img", "aria-label": item.querySelector("img").alt });
      item.querySelector(".nv-tile").replaceChildren(canvas);
      return canvas;
    });
    this.show();
    this.settings({ colour: choice, width: widths });
  }

  swatch(colour) {
    const canvas = netviz.el("canvas", { class: "swatch", "aria-hidden": "true" });
    return netviz.paint(canvas, colour.map((byte) => byte / 255), { width: 1, height: 1, channels: 3, kind: "image" });
  }

  show() {
    const { width, height, channels, labels } = this.images;
    const colour = this.config.colours[this.chosen.colour];
    const rim = this.chosen.rim;
    this.tiles.forEach((canvas, place) => {
      const pixels = this.images.image(place);
      for (let row = 0; row < height; row += 1) {
        for (let column = 0; column < width; column += 1) {
          if (Math.min(row, column, height - 1 - row, width - 1 - column) >= rim) continue;
          for (let c = 0; c < channels; c += 1) pixels[(row * width + column) * channels + c] = colour[c] / 255;
        }
      }
      netviz.paint(canvas, pixels, { width, height, channels, kind: "image" });
      const logits = this.network.logits(pixels);
      const answer = logits.indexOf(Math.max(...logits));
      const said = canvas.closest("li").querySelector(".answer");
      said.textContent = netviz.named(this.names[answer]);
      said.classList.toggle("wrong", answer !== labels[place]);
    });
    const share = this.config.shares[this.chosen.colour][rim];
    const winner = this.config.winners[this.chosen.colour][rim];
    const count = this.querySelector(".count");
    count.querySelector("strong").textContent = netviz.share(share, 0);
    count.querySelector("span").textContent = netviz.say("of all test images of other classes are taken for {class}.", { class: winner });
  }
});
