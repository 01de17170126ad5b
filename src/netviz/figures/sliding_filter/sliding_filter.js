/* A filter that the reader moves over an image: window times weights, summed, is one number of the map. */
"use strict";
(() => {
  const FRAMES = 90; // of the slide over the whole image

  netviz.define("nv-sliding-filter", class extends netviz.Figure {
    async enhance() {
      const { data, exhibits, classes, filter, row, column } = this.config;
      const [filters, images] = await Promise.all([data, exhibits].map(netviz.load));
      this.images = new netviz.Images(images);
      this.filters = { ...filters, weights: netviz.floats(filters.weights), biases: netviz.floats(filters.biases) };
      this.place = { row, column };
      this.filter = filter;
      this.canvases = Object.fromEntries([["image", ".image .nv-tile", "The image. Arrow keys move the window."], ["window", ".window", "The pixels under the filter"], ["products", ".products", "Each pixel times its weight"], ["map", ".map .nv-tile", "The map of all answers. Arrow keys move the window."]]
        .map(([name, selector, label]) => [name, this.replace(selector, netviz.say(label))]));
      this.outlines = ["image", "map"].map((name) => this.querySelectorAll(`.${name} rect`));
      const { width, height } = this.images;
      const { mapRows, mapColumns, rows, columns } = this.config;
      const within = (value, count) => Math.min(count - 1, Math.max(0, value));
      netviz.probe(this.canvases.image, width, height, (x, y) => this.move(within(Math.round((y - rows / 2) / filters.stride), mapRows), within(Math.round((x - columns / 2) / filters.stride), mapColumns)));
      netviz.probe(this.canvases.map, mapColumns, mapRows, (x, y) => this.move(y, x));
      this.controls(netviz.button(netviz.say("Slide over the image"), () => this.slide()));
      const grid = this.choosing();
      const image = netviz.shelf(this.querySelector(".nv-shelf"), this.images, classes, (index) => this.pick(index));
      grid.reach(filter);
      this.pick(0);
      const shown = { get: () => this.filter, set: (k) => { grid.reach(k); this.choose(k); } };
      const window = { get: () => this.place.row * mapColumns + this.place.column, set: (at) => this.move(Math.floor(at / mapColumns), at % mapColumns) };
      this.settings({ image, filter: shown, window });
    }

    replace(selector, label) {
      const canvas = netviz.el("canvas", { role: "img", "aria-label": label });
      this.querySelector(selector).replaceChildren(canvas);
      return canvas;
    }

    choosing() {
      const shelf = this.querySelector(".filters");
      [...shelf.children].forEach((one, k) => {
        one.setAttribute("role", "button");
        one.setAttribute("aria-label", netviz.say("Filter {unit}", { unit: k + 1 }));
      });
      const grid = netviz.grid(shelf, ".one", netviz.inFirstRow(shelf), (_, k) => { if (this.pixels && shelf.contains(document.activeElement)) this.choose(k); });
      shelf.addEventListener("click", (event) => {
        const one = event.target.closest(".one");
        if (one) this.choose([...shelf.children].indexOf(one));
      });
      return grid;
    }

    pick(index) {
      const { width, height, channels, labels } = this.images;
      this.pixels = this.images.image(index);
      netviz.paint(this.canvases.image, this.pixels, { width, height, channels, kind: "image" });
      this.querySelector(".actual").textContent = netviz.named(this.config.classes[labels[index]]);
      this.choose(this.filter);
    }

    choose(filter) {
      this.stop();
      this.filter = filter;
      this.querySelector(".number").textContent = netviz.number(filter + 1);
      const shown = this.querySelector(".weights .nv-tile");
      shown.className = `nv-tile nv-i-${filter}`;
      shown.querySelector("img").alt = netviz.say("Filter {unit}", { unit: filter + 1 });
      const { mapRows, mapColumns } = this.config;
      this.answers = Float64Array.from({ length: mapRows * mapColumns }, (_, at) => this.answer(Math.floor(at / mapColumns), at % mapColumns).total);
      this.limit = this.answers.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      this.paintMap(this.answers.length);
      const at = this.answers.indexOf(Math.max(...this.answers));
      this.move(Math.floor(at / mapColumns), at % mapColumns);
    }

    /** The products at one place, pixel by pixel, their sum, and the answer. */
    answer(row, column) {
      const { rows, columns } = this.config;
      const { width, channels } = this.images;
      const { weights, biases, stride } = this.filters;
      const start = this.filter * rows * columns * channels;
      const products = new Float64Array(rows * columns);
      let sum = 0;
      for (let i = 0; i < rows; i += 1) {
        for (let j = 0; j < columns; j += 1) {
          for (let c = 0; c < channels; c += 1) {
            const pixel = this.pixels[((row * stride + i) * width + column * stride + j) * channels + c];
            products[i * columns + j] += pixel * weights[start + (i * columns + j) * channels + c];
          }
          sum += products[i * columns + j];
        }
      }
      return { products, sum, total: sum + biases[this.filter] };
    }

    move(row, column) {
      const { rows, columns } = this.config;
      const { width, channels } = this.images;
      const { stride, biases, limit } = this.filters;
      this.place = { row, column };
      const window = new Float32Array(rows * columns * channels);
      for (let i = 0; i < rows; i += 1) {
        const from = ((row * stride + i) * width + column * stride) * channels;
        window.set(this.pixels.subarray(from, from + columns * channels), i * columns * channels);
      }
      const { products, sum, total } = this.answer(row, column);
      netviz.paint(this.canvases.window, window, { width: columns, height: rows, channels, kind: "image" });
      netviz.paint(this.canvases.products, products, { width: columns, height: rows, kind: "signed", limit });
      const [onImage, onMap] = this.outlines;
      this.outline(onImage, column * stride, row * stride);
      this.outline(onMap, column, row);
      const [first, second, third] = this.querySelectorAll(".sum b");
      first.textContent = netviz.number(sum, 2);
      second.textContent = netviz.number(biases[this.filter], 2);
      third.textContent = netviz.number(total, 2);
    }

    outline(rects, x, y) {
      for (const rect of rects) Object.entries({ x, y }).forEach(([name, value]) => rect.setAttribute(name, value));
    }

    /** Paint the first `count` answers of the map, in the order in which the window passes. */
    paintMap(count) {
      const { mapRows, mapColumns } = this.config;
      const values = this.answers.map((answer, at) => (at < count ? answer : 0));
      netviz.paint(this.canvases.map, values, { width: mapColumns, height: mapRows, kind: "signed", limit: this.limit });
    }

    stop() {
      cancelAnimationFrame(this.sliding);
    }

    /** Move the window over all places, and fill the map; at once for readers who want no motion. */
    slide() {
      this.stop();
      const { mapColumns } = this.config;
      const count = this.answers.length;
      const step = netviz.still.matches ? count : Math.ceil(count / FRAMES);
      let done = 0;
      const next = () => {
        done = Math.min(count, done + step);
        this.paintMap(done);
        this.move(Math.floor((done - 1) / mapColumns), (done - 1) % mapColumns);
        if (done < count) this.sliding = requestAnimationFrame(next);
      };
      next();
    }
  });
})();
