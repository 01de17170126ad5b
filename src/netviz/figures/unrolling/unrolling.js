/* Rolls the column of pixels up into the grid and down again, and adds up the products row by row,
 * for any image and any class. Each number is a rectangle that moves from its place in the column,
 * which is as high as the grid, to its place in the grid. */
"use strict";
netviz.define("nv-unrolling", class extends netviz.Figure {
  async enhance() {
    const { data, images, classes, width, height } = this.config;
    const [network, shipped] = await Promise.all([netviz.load(data), netviz.load(images)]);
    this.network = new netviz.Network(network);
    this.images = new netviz.Images(shipped);
    this.filters = classes.map((_, k) => this.network.filter(k));
    this.limit = Math.max(...this.filters.map((filter) => filter.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)));
    this.image = 0;
    this.rolled = 1;
    this.added = width * height;
    const count = new Map();
    const named = this.images.labels.map((label, image) => {
      count.set(label, (count.get(label) || 0) + 1);
      return [image, netviz.say("{class}, number {number}", { class: classes[label], number: count.get(label) })];
    });
    this.classes = netviz.select(netviz.say("Output"), classes.map((name, k) => [k, netviz.named(name)]), this.images.labels[0], (value) => { this.k = Number(value); this.choose(); });
    const image = netviz.select(netviz.say("Image"), named, 0, (value) => {
      this.image = Number(value);
      this.k = this.images.labels[this.image];
      this.classes.querySelector("select").value = this.k;
      this.choose();
    });
    const rolled = this.slider(netviz.say("column to grid"), 0, 100, 100, (value) => { this.rolled = value / 100; this.paint(); });
    const rows = this.slider(netviz.say("rows added up"), 0, height, height, (value) => { this.added = value * width; this.paint(); });
    this.controls(image, this.classes, rolled, rows);
    this.canvases = [...this.querySelectorAll(".three .nv-tile")].map((tile) => {
      const picture = tile.querySelector("img");
      const canvas = netviz.el("canvas", { role: "img", "aria-label": picture.alt });
      picture.replaceWith(canvas);
      return canvas;
    });
    this.k = this.images.labels[0];
    addEventListener("netviz-theme", () => this.paint());
    addEventListener("resize", () => this.paint());
    this.choose();
    this.settings({ image, class: this.classes, rolled, rows });
  }

  slider(label, min, max, value, change) {
    const input = netviz.el("input", { type: "range", min, max, value, oninput: () => change(Number(input.value)) });
    return netviz.el("label", { class: "nv-slider" }, label, input);
  }

  choose() {
    const { classes, chart } = this.config;
    this.pixels = this.images.image(this.image);
    const weights = this.filters[this.k];
    this.bias = this.network.weighted[0].biases[this.k];
    this.terms = Array.from(this.pixels, (pixel, i) => pixel * weights[i]);
    this.running = [this.bias];
    for (const term of this.terms) this.running.push(this.running.at(-1) + term);
    this.total = this.running.at(-1);
    const [low, high] = [Math.min(0, ...this.running), Math.max(0, ...this.running)];
    this.up = (value) => 8 + ((chart.height - 16) * (high - value)) / (high - low || 1);
    this.across = (place) => (chart.width * place) / this.terms.length;
    this.querySelector(".zero").setAttribute("d", `M0 ${this.up(0)}H${chart.width}`);
    this.querySelector(".line").setAttribute("d", `M${this.running.map((value, place) => `${this.across(place).toFixed(1)} ${this.up(value).toFixed(1)}`).join("L")}`);
    const [image, output] = this.querySelectorAll(".said");
    image.textContent = netviz.named(classes[this.images.labels[this.image]]);
    output.textContent = netviz.say("output for {class}", { class: classes[this.k] });
    this.most = Math.max(...this.terms.map(Math.abs)) || 1;
    this.paint();
  }

  paint() {
    const signed = (value, limit) => `rgb(${value > 0 ? "47 127 208" : "217 100 15"} / ${Math.min(1, Math.abs(value) / limit)})`;
    const weights = this.filters[this.k];
    const colours = [
      (i) => `rgb(${Array(3).fill(Math.round(255 * this.pixels[i])).join(" ")})`,
      (i) => signed(weights[i], this.limit),
      (i) => (i < this.added ? signed(this.terms[i], this.most) : "transparent"),
    ];
    this.canvases.forEach((canvas, number) => this.roll(canvas, colours[number]));
    const isWhole = this.added === this.terms.length;
    const sum = this.running[this.added];
    const set = (name, text) => { this.querySelector(name).textContent = text; };
    set(".bias", netviz.number(this.bias, 2));
    set(".sum", netviz.number(sum - this.bias, 2));
    set(".total", netviz.number(sum, 2));
    set(".so-far", isWhole ? "" : ` ${netviz.say("after {rows} of {height} rows", { rows: this.added / this.config.width, height: this.config.height })}`);
    this.querySelector(".here").setAttribute("d", isWhole ? "" : `M${this.across(this.added)} 0V${this.config.chart.height}`);
  }

  /** Paint every number between its place in the column (0) and in the grid (1). */
  roll(canvas, colour) {
    const { width, height } = this.config;
    const side = canvas.clientWidth * devicePixelRatio;
    canvas.width = side;
    canvas.height = side;
    const brush = canvas.getContext("2d");
    const [count, cell, t] = [width * height, side / Math.max(width, height), this.rolled];
    const mix = (from, to) => from + (to - from) * t;
    const edge = (value) => (t === 1 ? Math.round(value) : value);
    for (let i = 0; i < count; i += 1) {
      const [column, row] = [i % width, Math.floor(i / width)];
      brush.fillStyle = colour(i);
      const [left, top] = [edge(mix(0, column * cell)), edge(mix((i * side) / count, row * cell))];
      const [right, bottom] = [edge(mix(2 * cell, (column + 1) * cell)), edge(mix(((i + 1) * side) / count, (row + 1) * cell))];
      brush.fillRect(left, top, right - left, bottom - top);
    }
  }
});
