/* Runs the network on an image and shows what each hidden unit adds to the score of a class; tells
 * what is lost without a unit. */
"use strict";
netviz.define("nv-filters-and-votes", class extends netviz.Figure {
  async enhance() {
    const { data, images, classes, units } = this.config;
    const place = this.querySelector(".ask");
    this.said = netviz.el("p", { class: "said", "aria-live": "polite" });
    this.sum = netviz.el("p", { "aria-live": "polite" });
    const [network, shipped] = await Promise.all([netviz.load(data), netviz.load(images)]);
    this.network = new netviz.Network(network);
    this.images = new netviz.Images(shipped);
    this.chosen = { image: 0, k: this.images.labels[0] };
    const seen = new Map();
    const named = this.images.labels.map((label, image) => {
      seen.set(label, (seen.get(label) || 0) + 1);
      return [image, `${classes[label]}, ${seen.get(label) === 1 ? "first" : seen.get(label) === 2 ? "second" : "misread"}`];
    });
    const pick = (what) => (value) => { this.chosen[what] = Number(value); this.show(); };
    this.classSelect = netviz.select("Score of", classes.map((name, k) => [k, name]), this.chosen.k, pick("k"));
    const image = netviz.select("Image", named, 0, (value) => {
      this.chosen.image = Number(value);
      this.chosen.k = this.images.labels[this.chosen.image];
      this.classSelect.querySelector("select").value = this.chosen.k;
      this.show();
    });
    this.controls(image, this.classSelect);
    this.picture = netviz.tile("The chosen image");
    this.bars = this.querySelector(".row").cloneNode(true);
    this.querySelector(".shown").append(this.picture);
    this.querySelector(".added").append(this.bars);
    this.lost = netviz.el("div", { class: "lost" });
    place.append(this.sum, this.said, this.lost);
    this.rest();
    netviz.grid(this.querySelector(".filters"), ".unit", units.length, (_, index) => this.silence(index));
    this.querySelectorAll(".filters .unit").forEach((unit, index) => {
      unit.setAttribute("role", "button");
      unit.setAttribute("aria-label", `Hidden unit ${units[index] + 1}`);
    });
    this.show();
    const silenced = { get: () => 1 + (this.silenced ?? -1), set: (k) => (k ? this.silence(k - 1) : this.rest()) };
    this.settings({ image, class: this.classSelect, silenced });
  }

  /** No unit is silenced. */
  rest() {
    this.silenced = null;
    this.said.textContent = "Pick a filter to see what is lost without it.";
    this.lost.replaceChildren();
  }

  /** Tell what is lost without a unit, and show the confusion matrix without it as a difference. */
  silence(index) {
    const { classes, units, without, differences } = this.config;
    this.silenced = index;
    const matrix = differences[index];
    const most = Math.max(1, ...matrix.flat().map(Math.abs));
    const cell = (change, row, column) => {
      const better = change > 0 === (row === column);
      const text = change > 0 ? `+${change}` : change < 0 ? `−${-change}` : "";
      return netviz.el("td", { class: `${better ? "better" : "worse"} nv-shade-${Math.round((20 * Math.abs(change)) / most)}` }, text);
    };
    const head = netviz.el("tr", {}, netviz.el("td"), ...classes.map((name) => netviz.el("th", { scope: "col" }, name)));
    const rows = matrix.map((changes, row) => netviz.el("tr", {}, netviz.el("th", { scope: "row" }, classes[row]), ...changes.map((change, column) => cell(change, row, column))));
    const caption = netviz.el("caption", {}, `Test images by actual class (rows) and predicted class: without unit ${units[index] + 1}, less with it. Green: better; plum: worse.`);
    this.said.textContent = without[index];
    this.lost.replaceChildren(netviz.el("table", { class: classes.some((name) => name.length > 2) && "words" }, caption, netviz.el("thead", {}, head), netviz.el("tbody", {}, ...rows)));
  }

  show() {
    const { classes, units, half } = this.config;
    const { image, k } = this.chosen;
    const pixels = this.images.image(image);
    const layers = this.network.outputs(pixels);
    const hidden = layers.at(-2);
    const { weights: votes, biases } = this.network.weighted.at(-1);
    const parts = Array.from(hidden, (output, unit) => output * votes[unit * classes.length + k]);
    const limit = Math.max(...parts.map(Math.abs)) || 1;
    this.bars.querySelectorAll("rect").forEach((bar, place) => {
      const part = parts[units[place]];
      const length = (half * Math.abs(part)) / limit;
      bar.setAttribute("class", part >= 0 ? "positive" : "negative");
      bar.setAttribute("y", part >= 0 ? half - length : half);
      bar.setAttribute("height", length);
    });
    const written = (number) => number.toFixed(2).replace("-", "−");
    const shown = units.map((unit) => parts[unit]);
    const rest = parts.reduce((sum, part) => sum + part, 0) - shown.reduce((sum, part) => sum + part, 0);
    this.score = parts.reduce((sum, part) => sum + part, 0) + biases[k];
    const terms = shown.map((part) => (part < 0 ? `− ${written(-part)}` : `+ ${written(part)}`)).join(" ").replace(/^\+ /, "");
    this.bars.setAttribute("aria-label", `What each unit adds to the score of ${classes[k]}: ${terms}`);
    const others = units.length < parts.length ? ` and ${written(rest)} from all other units` : "";
    this.sum.textContent = `Output × weight of each filter for ${classes[k]}: ${terms}${others}; with the bias of ${written(biases[k])} that makes a score of ${written(this.score)}.`;
    this.querySelectorAll(".chart > .name").forEach((name, row) => name.classList.toggle("chosen", row === k + 1));
    const { width, height, channels } = this.images;
    netviz.paint(this.picture.firstChild, pixels, { width, height, channels, kind: "image" });
  }
});
