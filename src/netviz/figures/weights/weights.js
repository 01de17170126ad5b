/* Weights repainted on other scales, and read off pixel by pixel. */
"use strict";
netviz.define("nv-weights", class extends netviz.Figure {
  async enhance() {
    const { data, mask, width, height, channels, centred } = this.config;
    if (!data) return; // a wall of very many pictures
    const [network, lit] = await Promise.all([netviz.load(data), netviz.load(mask)]);
    this.network = new netviz.Network(network);
    this.unlit = netviz.bytes(lit.mask);
    this.state = { scale: "grey", channel: "all", weights: "raw" };
    this.reading = this.querySelector(".reading");
    this.tiles = [...this.querySelectorAll(".picture")].map((place, index) => this.tile(place, index));
    this.rove(this.tiles.map(({ canvas }) => canvas));
    const change = (name) => (value, text) => {
      this.state[name] = value;
      this.repaint();
      this.announce(this.legend.closest(".scale").hidden ? this.inColour : netviz.say("{choice}. Shades from {low} to {high}", { choice: text, low: this.legend.firstElementChild.textContent, high: this.legend.lastElementChild.textContent }));
    };
    const bar = { scale: netviz.choice(netviz.say("Scale"), [["grey", netviz.say("black to white")], ["signed", netviz.say("by sign")]], "grey", change("scale")) };
    if (channels === 3) bar.channel = netviz.choice(netviz.say("Channels"), [["all", netviz.say("all")], ["0", netviz.say("red")], ["1", netviz.say("green")], ["2", netviz.say("blue")]], "all", change("channel"));
    if (centred) bar.weights = netviz.choice(netviz.say("Weights"), [["raw", netviz.say("as trained")], ["centred", netviz.say("less their mean")]], "raw", change("weights"));
    this.controls(...Object.values(bar));
    this.size = { width, height, channels };
    this.legend = this.querySelector(".nv-legend");
    this.inColour = this.querySelector(".three")?.textContent;
    this.repaint();
    this.settings(bar);
  }

  tile(place, index) {
    const { width, height, units } = this.config;
    const { name, number } = units[index];
    const label = units.length > 1
      ? netviz.say("Weights of {class}. Arrow keys read them pixel by pixel, Page Up and Page Down go to another picture.", { class: name })
      : netviz.say("Weights of {class}. Arrow keys read them pixel by pixel.", { class: name });
    const canvas = netviz.el("canvas", { role: "img", "aria-label": label });
    place.querySelector("img").replaceWith(canvas);
    netviz.probe(canvas, width, height, (column, row) => this.read(index, column, row));
    return { canvas, number, name };
  }

  /** One tab stop for all pictures. */
  rove(canvases) {
    canvases.forEach((canvas, index) => {
      canvas.tabIndex = index ? -1 : 0;
      canvas.addEventListener("focus", () => { for (const other of canvases) other.tabIndex = other === canvas ? 0 : -1; });
      canvas.addEventListener("keydown", (event) => {
        const step = { PageUp: -1, PageDown: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        canvases[index + step]?.focus();
      });
    });
  }

  /** The weights of one picture as it is shown now. */
  values(tile) {
    const own = this.network.filter(tile.number);
    let values = own;
    if (this.state.weights === "centred") values = own.map((weight, i) => weight - this.mean()[i]);
    if (this.config.channels === 3) {
      if (this.state.channel !== "all") values = values.filter((_, i) => i % 3 === Number(this.state.channel));
      else if (this.state.scale === "signed") values = Float32Array.from({ length: values.length / 3 }, (_, i) => (values[3 * i] + values[3 * i + 1] + values[3 * i + 2]) / 3);
    }
    return values;
  }

  /** The mean over the classes of every weight: taking it away changes no probability. */
  mean() {
    if (!this.means) {
      const { weights, biases } = this.network.weighted[0];
      const units = biases.length;
      this.means = this.network.filter(0).map((_, i) => {
        let sum = 0;
        for (let j = 0; j < units; j += 1) sum += weights[i * units + j];
        return sum / units;
      });
    }
    return this.means;
  }

  repaint() {
    const { width, height } = this.size;
    const all = this.tiles.map((tile) => this.values(tile));
    const flat = (compare, start) => all.reduce((found, values) => values.reduce((a, b) => compare(a, b), found), start);
    const limit = flat((a, b) => Math.max(a, Math.abs(b)), 0);
    this.tiles.forEach((tile, index) => {
      const values = all[index];
      const channels = values.length / (width * height);
      const low = values.reduce((a, b) => Math.min(a, b));
      const high = values.reduce((a, b) => Math.max(a, b));
      netviz.paint(tile.canvas, values, { width, height, channels, kind: this.state.scale === "signed" ? "signed" : "grey", limit, low, high });
    });
    const signed = this.state.scale === "signed";
    const coloured = this.config.channels === 3 && !signed && this.state.channel === "all";
    this.querySelector(".scale").hidden = coloured;
    const three = this.querySelector(".three");
    if (three) {
      three.hidden = !coloured && !(signed && this.state.channel === "all");
      three.textContent = signed ? netviz.say("each pixel shows the mean of its three weights") : this.inColour;
    }
    this.legend.firstElementChild.textContent = signed ? netviz.number(-limit, 2) : netviz.say("lowest weight");
    this.legend.lastElementChild.textContent = signed ? netviz.signed(limit, 2) : netviz.say("highest weight");
    this.legend.children[1].className = `nv-ramp nv-ramp-${signed ? "signed" : "grey"}`;
  }

  read(index, column, row) {
    const { width, channels } = this.size;
    const tile = this.tiles[index];
    const values = this.values(tile);
    const per = values.length / (width * this.size.height);
    const at = row * width + column;
    const place = { class: tile.name, row: row + 1, column: column + 1 };
    const weight = (index) => netviz.signed(values[index], 3);
    if (per === 3) {
      const colours = { red: weight(3 * at), green: weight(3 * at + 1), blue: weight(3 * at + 2) };
      this.reading.textContent = netviz.say("{class}: row {row}, column {column}: red {red}, green {green}, blue {blue}", { ...place, ...colours });
    } else if (channels === 1 && this.unlit[at]) {
      this.reading.textContent = netviz.say("{class}: row {row}, column {column}: {value} — no training image ever lit this pixel", { ...place, value: weight(at) });
    } else {
      this.reading.textContent = netviz.say("{class}: row {row}, column {column}: {value}", { ...place, value: weight(at) });
    }
  }
});
