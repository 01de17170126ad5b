/* Says of a cell how many images are left, and counts again for the units that a reader switches off. */
"use strict";
netviz.define("nv-silence", class extends netviz.Figure {
  enhance() {
    this.off = new Set();
    this.said = this.querySelector(".said");
    const table = this.querySelector("table");
    for (const row of this.querySelectorAll("tbody tr")) row.querySelector("th").replaceChildren(this.switch(row));
    this.cells = [...this.querySelectorAll("tbody .cell, tfoot .cell")];
    table.setAttribute("role", "grid");
    for (const cell of this.cells) cell.setAttribute("role", "gridcell");
    const cell = netviz.grid(table, ".cell", this.config.classes.length, (one) => this.tell(one));
    const units = [...this.querySelectorAll("tbody tr")].map((row) => Number(row.dataset.unit));
    const off = { get: () => units.flatMap((unit, k) => (this.off.has(unit) ? [k] : [])), set: (chosen) => this.turn(chosen.map((k) => units[k])) };
    this.settings({ off, cell });
  }

  switch(row) {
    const { unit } = row.dataset;
    // No <button>: those are not printed, and the filter in it is to be.
    const toggle = netviz.el("span", { role: "button", tabindex: "0", class: "unit", "aria-pressed": "false", "aria-label": netviz.say(this.config.maps ? "Switch off map {number}" : "Switch off hidden unit {number}", { number: Number(unit) }) }, ...row.querySelector(".unit").childNodes);
    toggle.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      toggle.click();
    });
    toggle.addEventListener("click", () => {
      const isOff = this.off.has(Number(unit));
      this.turn(isOff ? [...this.off].filter((one) => one !== Number(unit)) : [...this.off, Number(unit)]);
    });
    return toggle;
  }

  /** Switch off these units, and no other. */
  async turn(units) {
    this.off = new Set(units);
    for (const row of this.querySelectorAll("tbody tr")) row.querySelector("th .unit").setAttribute("aria-pressed", this.off.has(Number(row.dataset.unit)));
    try {
      await this.count();
    } catch (error) {
      this.fail(error);
    }
  }

  tell(cell) {
    const name = this.config.classes[cell.cellIndex - 1];
    const [count, whole, total] = ["count", "whole", "total"].map((one) => Number(cell.dataset[one]));
    const { unit } = cell.parentElement.dataset;
    const without = unit ? this.without([Number(unit)]) : this.without();
    this.said.textContent = netviz.say(this.config.maps
      ? "{without}: {count} of {total} images of {class} are classified correctly; with all maps, {whole}."
      : "{without}: {count} of {total} images of {class} are classified correctly; with all units, {whole}.", { without, count, total, class: name, whole });
  }

  /** What the last row shows: the network without the units that are switched off. */
  without(units = [...this.off].sort((a, b) => a - b)) {
    if (!units.length) return netviz.say(this.config.maps ? "With all maps" : "With all units");
    const { maps } = this.config;
    if (units.length === 1) return netviz.say(maps ? "Without map {number}" : "Without hidden unit {number}", { number: units[0] });
    return netviz.say(maps ? "Without maps {numbers}" : "Without hidden units {numbers}", { numbers: units.join(", ") });
  }

  async count() {
    this.data ||= this.decoded(await netviz.load(this.config.data));
    const { classes } = this.config;
    const { whole } = this.data;
    const left = this.correct(this.off);
    const row = this.querySelector("tfoot tr");
    row.querySelector("th").textContent = this.off.size ? [...this.off].sort((a, b) => a - b).join(", ") : netviz.say("none");
    let right = 0;
    classes.forEach((_, k) => {
      const cell = row.cells[k + 1];
      const total = this.data.totals[k];
      right += left[k];
      Object.assign(cell.dataset, { count: left[k], whole: whole[k], total });
      cell.textContent = total ? Math.round((100 * left[k]) / total) : "–";
      const lost = total ? Math.min(1, Math.max(0, (whole[k] - left[k]) / total)) : 0;
      cell.className = `cell nv-shade-${Math.round(20 * lost)}`;
    });
    const parts = { without: this.without(), share: netviz.share(right / this.data.count), count: this.data.count };
    this.said.textContent = netviz.say("{without} the network classifies {share} of {count} test images correctly. The last row shows each class.", parts);
  }

  decoded(sent) {
    const labels = netviz.bytes(sent.labels);
    const data = { ...sent, labels, features: new Int16Array(netviz.bytes(sent.features).buffer), steps: netviz.floats(sent.steps), weights: netviz.floats(sent.weights), biases: netviz.floats(sent.biases) };
    data.totals = this.config.classes.map((_, k) => labels.reduce((sum, label) => sum + (label === k), 0));
    this.data = data;
    data.whole = this.correct(new Set());
    return data;
  }

  /** How many images of each class are classified correctly when the units `off` (from 1) give 0; a map has several features. */
  correct(off) {
    const { count, units, features, steps, weights, biases, labels } = this.data;
    const classes = biases.length;
    const each = steps.length;
    const on = Array.from({ length: each }, (_, feature) => feature).filter((feature) => !off.has((feature % units) + 1));
    const right = new Array(classes).fill(0);
    const logits = new Float64Array(classes);
    for (let image = 0; image < count; image += 1) {
      logits.set(biases);
      for (const feature of on) {
        const output = features[image * each + feature] * steps[feature];
        if (output === 0) continue;
        for (let k = 0; k < classes; k += 1) logits[k] += output * weights[feature * classes + k];
      }
      let best = 0;
      for (let k = 1; k < classes; k += 1) if (logits[k] > logits[best]) best = k;
      if (best === labels[image]) right[best] += 1;
    }
    return right;
  }
});
