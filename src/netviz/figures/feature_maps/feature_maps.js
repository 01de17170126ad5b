/* Runs the network on an image of the reader's choice, and frames what a place of a map sees. */
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
    this.maps = [...this.querySelectorAll(".maps")].map((row, number) => this.live(row, layers[number], number));
    const image = netviz.shelf(this.querySelector(".nv-shelf"), this.images, classes, (index) => this.pick(index));
    this.pick(0);
    this.settings({ image, ...Object.fromEntries(layers.map((layer, number) => [`layer${number + 1}`, this.placeIn(layer, number)])) });
  }

  /** Put canvases in place of the pictures of a row, and listen for what is pointed at. */
  live(row, layer, number) {
    const canvases = layer.units.map((unit, place) => {
      const canvas = netviz.el("canvas", { role: "img", "aria-label": netviz.say("Map {unit} of layer {layer}", { unit: unit + 1, layer: number + 1 }) });
      row.children[place].replaceChildren(canvas);
      return canvas;
    });
    netviz.grid(row, "canvas", netviz.inFirstRow(row), (canvas, place) => { if (this.outputs) this.strongest(number, place); });
    const reach = (event) => {
      const place = canvases.indexOf(event.target);
      if (place < 0) return;
      const box = event.target.getBoundingClientRect();
      const within = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
      this.see(number, place, within((event.clientY - box.top) / box.height, layer.rows), within((event.clientX - box.left) / box.width, layer.columns));
    };
    row.addEventListener("pointermove", reach);
    row.addEventListener("pointerleave", () => (this.kept ? this.see(...this.kept) : this.rest()));
    // A click keeps the place in its frame, a second one lets it go.
    row.addEventListener("click", (event) => {
      reach(event);
      if (String(this.kept) === String(this.seen)) this.rest();
      else this.kept = this.seen;
    });
    return canvases;
  }

  /** How a state sets the place of a layer that is framed: its map, row and column; -1 for none. */
  placeIn({ rows, columns }, number) {
    const size = rows * columns;
    return {
      get: () => {
        const [layer, place, row, column] = this.seen || [];
        return layer === number ? place * size + row * columns + column : -1;
      },
      set: (at) => {
        if (at < 0) this.rest();
        else this.see(...(this.kept = [number, Math.floor(at / size), Math.floor((at % size) / columns), at % columns]));
      },
    };
  }

  pick(index) {
    const { width, height, channels, labels } = this.images;
    const pixels = this.images.image(index);
    netviz.paint(this.image, pixels, { width, height, channels, kind: "image" });
    this.querySelector(".actual").textContent = netviz.named(this.config.classes[labels[index]]);
    this.outputs = this.network.outputs(pixels);
    this.config.layers.forEach((layer, number) => {
      layer.units.forEach((_, place) => {
        netviz.paint(this.maps[number][place], this.map(number, place), { width: layer.columns, height: layer.rows, kind: "signed", limit: layer.limit });
      });
    });
    this.rest();
  }

  /** One map: the numbers of one unit at every place. */
  map(number, place) {
    const { depth, units, of, rows, columns } = this.config.layers[number];
    const output = this.outputs[depth];
    return Float64Array.from({ length: rows * columns }, (_, at) => output[at * of + units[place]]);
  }

  strongest(number, place) {
    const { columns } = this.config.layers[number];
    const map = this.map(number, place);
    const at = map.indexOf(Math.max(...map));
    this.see(number, place, Math.floor(at / columns), at % columns);
  }

  /** Frame the part of the image that a place of a map sees, and read the map there. */
  see(number, place, row, column) {
    this.seen = [number, place, row, column];
    const { width, height } = this.images;
    const { starts, steps, sees, units, columns } = this.config.layers[number];
    const top = Math.max(0, starts[0] + row * steps[0]);
    const left = Math.max(0, starts[1] + column * steps[1]);
    const bottom = Math.min(height, starts[0] + row * steps[0] + sees[0]);
    const right = Math.min(width, starts[1] + column * steps[1] + sees[1]);
    const share = (pixels, side) => `${(100 * pixels) / side}%`;
    Object.assign(this.frame.style, { top: share(top, height), left: share(left, width), height: share(bottom - top, height), width: share(right - left, width) });
    this.frame.hidden = false;
    const value = netviz.number(this.map(number, place)[row * columns + column], 2);
    const places = { unit: units[place] + 1, row: row + 1, column: column + 1, value, top: top + 1, bottom, left: left + 1, right };
    this.reading.textContent = netviz.say("map {unit}, row {row}, column {column}: {value}; sees rows {top} to {bottom}, columns {left} to {right}", places);
  }

  rest() {
    this.seen = this.kept = null;
    this.frame.hidden = true;
    this.reading.textContent = "";
  }
});
