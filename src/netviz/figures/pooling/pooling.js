/* An image that the reader moves to the left: the map after the pool, and what changes in it, for each distance. */
"use strict";
(() => {
  const NOT_COMPARED = "#88888866"; // as in pooling.py
  const DIGITS = 1e6; // of a share: more than sums in single precision agree in
  const sum = (numbers) => numbers.reduce((total, one) => total + Math.abs(one), 0);

  netviz.define("nv-pooling", class extends netviz.Figure {
    async enhance() {
      const { data, exhibits, classes, distances, filter, units } = this.config;
      const [network, images] = await Promise.all([data, exhibits].map(netviz.load));
      this.network = new netviz.Network(network);
      this.images = new netviz.Images(images);
      this.filter = filter;
      this.at = 0;
      const canvases = (selector) => [...this.querySelectorAll(selector)].map((tile) => this.canvasIn(tile));
      this.big = canvases(".panels .nv-tile");
      this.rows = [".images", ".maps:not(.changes)", ".changes"].map((row) => canvases(`${row} .nv-tile`));
      this.slider = netviz.el("input", { type: "range", min: 0, max: distances.length - 1, value: 0, oninput: () => this.move(Number(this.slider.value)) });
      const which = netviz.select(netviz.say("filter"), Array.from({ length: units }, (_, k) => [k, netviz.number(k + 1)]), filter, (k) => { this.filter = Number(k); this.compare(); });
      this.controls(netviz.el("label", { class: "nv-slider" }, netviz.say("to the left"), this.slider), which);
      netviz.drag(this.big[0], this.images.width, () => [-distances[this.at], 0], (right) => this.move(this.nearest(-right)));
      for (const row of this.querySelectorAll(".cells")) {
        row.addEventListener("click", (event) => {
          const column = [...row.children].indexOf(event.target.closest("td, th")) - 1;
          if (column >= 0) this.move(column);
        });
      }
      const image = netviz.shelf(this.querySelector(".nv-shelf"), this.images, classes, (index) => this.pick(index));
      this.pick(0);
      this.settings({ image, filter: which, left: this.slider });
    }

    canvasIn(tile) {
      const label = tile.querySelector("img")?.alt;
      const canvas = netviz.el("canvas", label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" });
      tile.replaceChildren(canvas);
      return canvas;
    }

    /** The place of the distance that is nearest to so many pixels to the left. */
    nearest(pixels) {
      const off = this.config.distances.map((distance) => Math.abs(distance - pixels));
      return off.indexOf(Math.min(...off));
    }

    /** Run the network on an image at each distance. */
    pick(index) {
      const pixels = this.images.image(index);
      const name = this.config.classes[this.images.labels[index]];
      this.querySelector(".actual").textContent = netviz.say("a test image of {class}", { class: name });
      this.moved = this.config.distances.map((distance) => netviz.moved(this.images, pixels, -distance, 0));
      this.outputs = this.moved.map((one) => this.network.outputs(one)[this.config.depth]);
      this.rows[0].forEach((canvas, k) => canvas.setAttribute("aria-label", netviz.say("{class}, moved to the left by {distance} px", { class: name, distance: this.config.distances[k] })));
      this.compare();
    }

    /** The map of the chosen filter at each distance, and what changes in it. */
    compare() {
      const { units, rows, columns, step, distances } = this.config;
      this.maps = this.outputs.map((output) => Float64Array.from({ length: rows * columns }, (_, at) => output[at * units + this.filter]));
      this.fits = distances.map((pixels, k) => this.fitted(this.maps[k], pixels));
      this.limit = Math.max(...this.maps.map((map) => map.reduce((most, one) => Math.max(most, Math.abs(one)), 0)));
      this.querySelector(".which").textContent = netviz.say("the map of filter {unit} after the pooling: {rows} × {columns} cells, one every {step} px", { unit: this.filter + 1, rows, columns, step });
      const shares = this.querySelectorAll(".shares b");
      this.fits.forEach((fit, k) => {
        this.rows.forEach((row, which) => this.paint(row[k], which, k));
        shares[k].textContent = this.percent(fit.share);
        shares[k].classList.toggle("none", fit.share === 0);
      });
      this.move(this.at);
    }

    /** A map beside the one in place, moved by the whole number of cells that fits best, as in analysis/pooling.py. */
    fitted(map, pixels) {
      const { columns, step, inside: [top, bottom, left, right] } = this.config;
      const end = Math.max(left, right - Math.ceil(pixels / step));
      const places = map.map((_, at) => Number(at % columns >= left && at % columns < end && at >= top * columns && at < bottom * columns));
      const [best, other] = [Math.floor(pixels / step), Math.ceil(pixels / step)].map((cells) => {
        const still = map.map((_, at) => (places[at] ? this.maps[0][at + cells] : 0));
        const differences = map.map((one, at) => (places[at] ? one - still[at] : 0));
        return { cells, places, differences, lost: sum(differences), size: sum(still) };
      });
      const fit = other.lost < best.lost ? other : best;
      return { ...fit, share: fit.size ? Math.round((DIGITS * fit.lost) / fit.size) / DIGITS : NaN };
    }

    percent(share) {
      return Number.isNaN(share) ? "–" : netviz.share(share, share ? 1 : 0);
    }

    /** Paint the image, the map or what changes (0, 1 or 2) at a distance. */
    paint(canvas, which, k) {
      const { columns, rows } = this.config;
      if (which === 0) {
        const { width, height, channels } = this.images;
        netviz.paint(canvas, this.moved[k], { width, height, channels, kind: "image" });
        return;
      }
      const { differences, places } = this.fits[k];
      netviz.paint(canvas, which === 1 ? this.maps[k] : differences, { width: columns, height: rows, kind: "signed", limit: this.limit });
      if (which === 1) return;
      const brush = canvas.getContext("2d");
      brush.fillStyle = NOT_COMPARED;
      places.forEach((isCompared, at) => { if (!isCompared) brush.fillRect(at % columns, Math.floor(at / columns), 1, 1); });
    }

    move(k) {
      this.at = k;
      const { cells, share } = this.fits[k];
      const pixels = this.config.distances[k];
      this.slider.value = k;
      this.slider.setAttribute("aria-valuetext", netviz.say("{count} px", { count: pixels }));
      this.big.forEach((canvas, which) => this.paint(canvas, which, k));
      this.querySelector(".reading").textContent = netviz.sayCounted("image moved by {pixels} px, map in its place by {count} cells: {share} changes", "image moved by {pixels} px, map in its place by {count} cell: {share} changes", { pixels, count: cells, share: this.percent(share) });
      for (const row of this.querySelectorAll(".cells")) {
        [...row.children].forEach((cell, place) => cell.toggleAttribute("data-current", place === k + 1));
      }
    }
  });
})();
