/* Moves the pixels of the upper images into their shuffled places and back. */
"use strict";
(() => {
  const FRAMES = 60;

  netviz.define("nv-shuffled-pixels", class extends netviz.Figure {
    async enhance() {
      const [images, { order }] = await Promise.all([this.config.images, this.config.order].map(netviz.load));
      this.images = new netviz.Images(images);
      const from = new Uint16Array(netviz.bytes(order).buffer); // the place that each pixel comes from
      this.goes = new Uint16Array(from.length); // the place to which each pixel goes
      from.forEach((place, at) => { this.goes[place] = at; });
      this.canvases = [...this.querySelectorAll(".plain .nv-tile")].map((tile, k) => {
        const canvas = netviz.el("canvas", { role: "img" });
        tile.replaceChildren(canvas);
        this.paint(canvas, k, 0);
        return canvas;
      });
      this.share = this.goal = 0;
      this.heading = this.querySelector("[data-heading]");
      this.name(0);
      this.toggle = netviz.button(netviz.say("Shuffle the pixels"), () => this.move(1 - this.goal));
      this.controls(this.toggle);
      this.settings({ pixels: { get: () => this.goal, set: (goal) => this.move(goal) } });
    }

    /** Paint image `k` with each pixel so far on its way, from 0 to 1. */
    paint(canvas, k, share) {
      const { width, height, channels } = this.images;
      const pixels = this.images.image(k);
      const moved = new Float32Array(pixels.length);
      for (let at = 0; at < this.goes.length; at += 1) {
        const to = this.goes[at];
        const row = Math.round(Math.floor(at / width) * (1 - share) + Math.floor(to / width) * share);
        const column = Math.round((at % width) * (1 - share) + (to % width) * share);
        for (let c = 0; c < channels; c += 1) {
          const place = (row * width + column) * channels + c;
          moved[place] = Math.max(moved[place], pixels[at * channels + c]);
        }
      }
      netviz.paint(canvas, moved, { width, height, channels, kind: "image" });
    }

    /** Say whether the upper images are as they are, or shuffled as they are to be. */
    name(goal) {
      this.heading.textContent = netviz.say(goal ? "all pixels shuffled" : "as they are");
      this.canvases.forEach((canvas, k) => {
        canvas.setAttribute("aria-label", goal ? netviz.say("The same image, shuffled") : netviz.say("Test image {number}", { number: k + 1 }));
      });
    }

    move(goal) {
      this.goal = goal;
      this.name(goal);
      cancelAnimationFrame(this.moving);
      this.toggle.textContent = netviz.say(goal ? "Put them back" : "Shuffle the pixels");
      const step = netviz.still.matches ? 1 : 1 / FRAMES;
      const next = () => {
        this.share = goal ? Math.min(1, this.share + step) : Math.max(0, this.share - step);
        this.canvases.forEach((canvas, k) => this.paint(canvas, k, this.share));
        if (this.share !== goal) this.moving = requestAnimationFrame(next);
      };
      next();
    }
  });
})();
