/* Lets the reader choose the neuron and the image that it looks at. */
"use strict";
netviz.define("nv-one-neuron", class extends netviz.Figure {
  enhance() {
    const { units, classes, unit, image } = this.config;
    this.chosen = { unit, image };
    const options = (names) => names.map((name, k) => [k, name]);
    const pick = (what) => (value) => { this.chosen[what] = Number(value); this.show(); };
    this.controls(netviz.select("Neuron", options(units), unit, pick("unit")), netviz.select("Image", options(classes), image, pick("image")));
  }

  show() {
    const { units, classes, sums, biases } = this.config;
    const { unit, image } = this.chosen;
    const tiles = this.querySelectorAll(".nv-tile");
    tiles[2].querySelector("img").src = this.config.products[unit];
    [image, unit, image].forEach((slot, place) => { tiles[place].className = `nv-tile nv-i-${slot}`; });
    this.querySelector(".said.image").textContent = classes[image];
    this.querySelector(".said.unit").textContent = units[unit];
    const written = (number) => number.toFixed(2).replace("-", "−");
    const sum = sums[unit][image];
    this.querySelector(".total").textContent = written(sum);
    this.querySelector(".bias").textContent = written(biases[unit]);
    this.querySelector(".z").textContent = written(sum + biases[unit]);
  }
});
