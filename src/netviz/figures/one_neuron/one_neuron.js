/* Lets the reader choose the neuron and the image that it looks at. */
"use strict";
netviz.define("nv-one-neuron", class extends netviz.Figure {
  enhance() {
    const { units, classes, unit, image } = this.config;
    this.chosen = { unit, image };
    const options = (names) => names.map((name, k) => [k, netviz.named(name)]);
    const pick = (what) => (value) => { this.chosen[what] = Number(value); this.show(); };
    const selects = { neuron: netviz.select(netviz.say("Neuron"), options(units), unit, pick("unit")), image: netviz.select(netviz.say("Image"), options(classes), image, pick("image")) };
    this.controls(...Object.values(selects));
    this.settings(selects);
  }

  show() {
    const { units, classes, sums, biases, limits } = this.config;
    const { unit, image } = this.chosen;
    const tiles = this.querySelectorAll(".nv-tile");
    tiles[2].querySelector("img").src = this.config.products[unit];
    [image, unit, image].forEach((slot, place) => { tiles[place].className = `nv-tile nv-i-${slot}`; });
    this.querySelector(".said.image").textContent = netviz.named(classes[image]);
    this.querySelector(".said.unit").textContent = netviz.named(units[unit]);
    const sum = sums[unit][image];
    const write = (what, number) => { for (const place of this.querySelectorAll(what)) place.textContent = netviz.number(number, 2); };
    write(".total", sum);
    write(".bias", biases[unit]);
    write(".z", sum + biases[unit]);
    const legend = this.querySelector(".nv-legend");
    legend.firstElementChild.textContent = netviz.number(-limits[unit], 2);
    legend.lastElementChild.textContent = netviz.signed(limits[unit], 2);
  }
});
