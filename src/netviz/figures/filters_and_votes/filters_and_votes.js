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
      return [image, this.which(classes[label], seen.get(label))];
    });
    const pick = (what) => (value) => { this.chosen[what] = Number(value); this.show(); };
    this.classSelect = netviz.select(netviz.say("Score of"), classes.map((name, k) => [k, netviz.named(name)]), this.chosen.k, pick("k"));
    const image = netviz.select(netviz.say("Image"), named, 0, (value) => {
      this.chosen.image = Number(value);
      this.chosen.k = this.images.labels[this.chosen.image];
      this.classSelect.querySelector("select").value = this.chosen.k;
      this.show();
    });
    this.controls(image, this.classSelect);
    this.picture = netviz.tile(netviz.say("The chosen image"));
    this.bars = this.querySelector(".row").cloneNode(true);
    this.querySelector(".shown").append(this.picture);
    this.querySelector(".added").append(this.bars);
    this.lost = netviz.el("div", { class: "lost" });
    place.append(this.sum, this.said, this.lost);
    this.rest();
    netviz.grid(this.querySelector(".filters"), ".unit", units.length, (_, index) => this.silence(index));
    this.querySelectorAll(".filters .unit").forEach((unit, index) => {
      unit.setAttribute("role", "button");
      unit.setAttribute("aria-label", netviz.say("Hidden unit {number}", { number: units[index] + 1 }));
    });
    this.show();
    const silenced = { get: () => 1 + (this.silenced ?? -1), set: (k) => (k ? this.silence(k - 1) : this.rest()) };
    this.settings({ image, class: this.classSelect, silenced });
  }

  /** The name of the image that is so many of those of its class: two read correctly, then misread ones. */
  which(name, number) {
    if (number === 1) return netviz.say("{class}, first", { class: name });
    if (number === 2) return netviz.say("{class}, second", { class: name });
    return netviz.say("{class}, misread", { class: name });
  }

  /** No unit is silenced. */
  rest() {
    this.silenced = null;
    this.said.textContent = netviz.say("Pick a filter to see what is lost without it.");
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
      return netviz.el("td", { class: `${better ? "better" : "worse"} nv-shade-${Math.round((20 * Math.abs(change)) / most)}` }, change ? netviz.signed(change) : "");
    };
    const head = netviz.el("tr", {}, netviz.el("td"), ...classes.map((name) => netviz.el("th", { scope: "col" }, netviz.named(name))));
    const rows = matrix.map((changes, row) => netviz.el("tr", {}, netviz.el("th", { scope: "row" }, netviz.named(classes[row])), ...changes.map((change, column) => cell(change, row, column))));
    const caption = netviz.el("caption", {}, netviz.say("Test images by actual class (rows) and predicted class: without unit {number}, less with it. Green: better; plum: worse.", { number: units[index] + 1 }));
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
    const written = (number) => netviz.number(number, 2);
    const shown = units.map((unit) => parts[unit]);
    const rest = parts.reduce((sum, part) => sum + part, 0) - shown.reduce((sum, part) => sum + part, 0);
    this.score = parts.reduce((sum, part) => sum + part, 0) + biases[k];
    const terms = shown.map((part) => (part < 0 ? `− ${written(-part)}` : `+ ${written(part)}`)).join(" ").replace(/^\+ /, "");
    this.bars.setAttribute("aria-label", netviz.say("What each unit adds to the score of {class}: {terms}", { class: classes[k], terms }));
    const added = { class: classes[k], terms, bias: written(biases[k]), score: written(this.score) };
    this.sum.textContent = units.length < parts.length
      ? netviz.say("Output × weight of each filter for {class}: {terms} and {rest} from all other units; with the bias of {bias} that makes a score of {score}.", { ...added, rest: written(rest) })
      : netviz.say("Output × weight of each filter for {class}: {terms}; with the bias of {bias} that makes a score of {score}.", added);
    this.querySelectorAll(".chart > .name").forEach((name, row) => name.classList.toggle("chosen", row === k + 1));
    const { width, height, channels } = this.images;
    netviz.paint(this.picture.firstChild, pixels, { width, height, channels, kind: "image" });
  }
});
