/* Shows the images of the cell in another order; their strip comes when it is asked for. */
"use strict";
netviz.define("nv-confusion-samples", class extends netviz.Figure {
  enhance() {
    const orders = netviz.orders.map((_, k) => [k, netviz.orderWords(k)]);
    this.guard = netviz.latest();
    const images = netviz.select(netviz.say("Images"), orders, this.config.first, (value) => this.show(Number(value)));
    this.controls(images);
    this.settings({ images });
  }

  async show(order) {
    const { actual, predicted, total, orders } = this.config;
    const { src, shares } = orders[order];
    if (!src) return;
    const mine = this.guard();
    const about = this.querySelector(".about");
    try {
      const picture = await netviz.picture(src);
      if (!mine()) return;
      about.textContent = netviz.sampleText(actual, predicted, shares.length, total, order);
      netviz.paintSamples(this.querySelector(".nv-samples"), this.config, actual, shares.map((pair, slot) =>
        ({ picture, columns: shares.length, slot, lines: netviz.shares(...pair, actual === predicted) })));
    } catch (error) {
      if (mine()) about.textContent = error.message;
    }
  }
});
