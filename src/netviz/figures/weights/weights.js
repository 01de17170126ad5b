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
      this.announce(this.legend.closest(".scale").hidden ? this.inColour : `${text}. Shades from ${this.legend.firstElementChild.textContent} to ${this.legend.lastElementChild.textContent}`);
    };
    const bar = { scale: netviz.choice("Scale", [["grey", "black to white"], ["signed", "by sign"]], "grey", change("scale")) };
    if (channels === 3) bar.channel = netviz.choice("Channels", [["all", "all"], ["0", "red"], ["1", "green"], ["2", "blue"]], "all", change("channel"));
    if (centred) bar.weights = netviz.choice("Weights", [["raw", "as trained"], ["centred", "less their mean"]], "raw", change("weights"));
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
    const keys = `Arrow keys read them pixel by pixel${units.length > 1 ? ", Page Up and Page Down go to another picture" : ""}.`;
    const canvas = netviz.el("canvas", { role: "img", "aria-label": `Weights of ${name}. ${keys}` });
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
      three.textContent = signed ? "each pixel shows the mean of its three weights" : this.inColour;
    }
    this.legend.firstElementChild.textContent = signed ? `−${limit.toFixed(2)}` : "lowest weight";
    this.legend.lastElementChild.textContent = signed ? `+${limit.toFixed(2)}` : "highest weight";
    this.legend.children[1].className = `nv-ramp nv-ramp-${signed ? "signed" : "grey"}`;
  }

  read(index, column, row) {
    const { width, channels } = this.size;
    const tile = this.tiles[index];
    const values = this.values(tile);
    const per = values.length / (width * this.size.height);
    const at = row * width + column;
    const sign = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
    const shown = per === 3
      ? ["red", "green", "blue"].map((name, c) => `${name} ${sign(values[3 * at + c])}`).join(", ")
      : sign(values[at]);
    const never = channels === 1 && this.unlit[at] ? " — no training image ever lit this pixel" : "";
    this.reading.textContent = `${tile.name}: row ${row + 1}, column ${column + 1}: ${shown}${never}`;
  }
});
