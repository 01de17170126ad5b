/* Runs the network on an image of the reader's choice, and frames the receptive field of a place of a map. */
"use strict";
netviz.define("nv-feature-maps", class extends netviz.Figure {
  async enhance() {
    const { data, exhibits, classes, layers } = this.config;
    const [network, images] = await Promise.all([data, exhibits].map(netviz.load));
    this.network = new netviz.Network(network);
    this.images = new netviz.Images(images);
    this.image = netviz.el("canvas", { role: "img", "aria-label": netviz.say("The image") });
    this.querySelector(".framed .nv-tile").replaceChildren(this.image);
    this.frame = netviz.el("span", { class: "frame", hidden: true });
    this.querySelector(".framed").append(this.frame);
    this.reading = this.querySelector(".reading");
    this.canvases = [...this.querySelectorAll(".maps")].map((row, layer) => this.canvasesIn(row, layer));
    const image = netviz.shelf(this.querySelector(".nv-shelf"), this.images, classes, (index) => this.pick(index));
    this.pick(0);
    this.settings({ image, ...Object.fromEntries(layers.map((_, layer) => [`layer${layer + 1}`, this.settingOf(layer)])) });
  }

  /** Put canvases in place of the pictures of a layer's row, and return them. */
  canvasesIn(row, layer) {
    const canvases = this.config.layers[layer].units.map((unit, map) => {
      const canvas = netviz.el("canvas", { role: "img", "aria-label": netviz.say("Map {unit} of layer {layer}", { unit: unit + 1, layer: layer + 1 }) });
      row.children[map].replaceChildren(canvas);
      return canvas;
    });
    netviz.grid(row, "canvas", netviz.inFirstRow(row), (canvas, map) => { if (this.outputs) this.frameStrongest(layer, map); });
    this.followPointer(row, layer, canvases);
    return canvases;
  }

  /** Frame what the place under the pointer sees; a click pins the frame there, a second one frees it. */
  followPointer(row, layer, canvases) {
    const framePointedAt = (event) => {
      const map = canvases.indexOf(event.target);
      if (map < 0) return;
      const { rows, columns } = this.config.layers[layer];
      const box = event.target.getBoundingClientRect();
      const cell = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
      this.frameField(layer, map, cell((event.clientY - box.top) / box.height, rows), cell((event.clientX - box.left) / box.width, columns));
    };
    row.addEventListener("pointermove", framePointedAt);
    row.addEventListener("pointerleave", () => (this.pinned ? this.frameField(...this.pinned) : this.clearFrame()));
    row.addEventListener("click", (event) => {
      framePointedAt(event);
      if (String(this.pinned) === String(this.framed)) this.clearFrame();
      else this.pinned = this.framed;
    });
  }

  /** How a state sets what is framed of a layer, as one number for map, row and column; -1 for nothing. */
  settingOf(layer) {
    const { rows, columns } = this.config.layers[layer];
    const size = rows * columns;
    return {
      get: () => {
        const [framed, map, row, column] = this.framed || [];
        return framed === layer ? map * size + row * columns + column : -1;
      },
      set: (value) => {
        if (value < 0) this.clearFrame();
        else this.frameField(...(this.pinned = [layer, Math.floor(value / size), Math.floor((value % size) / columns), value % columns]));
      },
    };
  }

  pick(index) {
    const { width, height, channels, labels } = this.images;
    const pixels = this.images.image(index);
    netviz.paint(this.image, pixels, { width, height, channels, kind: "image" });
    this.querySelector(".actual").textContent = netviz.named(this.config.classes[labels[index]]);
    this.outputs = this.network.outputs(pixels);
    this.canvases.forEach((canvases, layer) => {
      const { rows, columns, limit } = this.config.layers[layer];
      canvases.forEach((canvas, map) => netviz.paint(canvas, this.activations(layer, map), { width: columns, height: rows, kind: "signed", limit }));
    });
    this.clearFrame();
  }

  /** The numbers of one map, place after place. */
  activations(layer, map) {
    const { depth, units, of, rows, columns } = this.config.layers[layer];
    const outputs = this.outputs[depth];
    return Float64Array.from({ length: rows * columns }, (_, place) => outputs[place * of + units[map]]);
  }

  frameStrongest(layer, map) {
    const { columns } = this.config.layers[layer];
    const activations = this.activations(layer, map);
    const place = activations.indexOf(Math.max(...activations));
    this.frameField(layer, map, Math.floor(place / columns), place % columns);
  }

  /** Frame the receptive field of a place of a map in the image, and tell the number there. */
  frameField(layer, map, row, column) {
    this.framed = [layer, map, row, column];
    const { width, height } = this.images;
    const { starts, steps, sees, units, columns } = this.config.layers[layer];
    const top = Math.max(0, starts[0] + row * steps[0]);
    const left = Math.max(0, starts[1] + column * steps[1]);
    const bottom = Math.min(height, starts[0] + row * steps[0] + sees[0]);
    const right = Math.min(width, starts[1] + column * steps[1] + sees[1]);
    const share = (pixels, side) => `${(100 * pixels) / side}%`;
    Object.assign(this.frame.style, { top: share(top, height), left: share(left, width), height: share(bottom - top, height), width: share(right - left, width) });
    this.frame.hidden = false;
    const value = netviz.number(this.activations(layer, map)[row * columns + column], 2);
    const places = { unit: units[map] + 1, row: row + 1, column: column + 1, value, top: top + 1, bottom, left: left + 1, right };
    this.reading.textContent = netviz.say("map {unit}, row {row}, column {column}: {value}; sees rows {top} to {bottom}, columns {left} to {right}", places);
  }

  clearFrame() {
    this.framed = this.pinned = null;
    this.frame.hidden = true;
    this.reading.textContent = "";
  }
});
