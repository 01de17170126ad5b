/* Shows the images behind each cell of the matrix, switches between networks, and shows what the
 * second of them changes. Sheets of images come when the reader first points at the figure.
 */
"use strict";
{
  const SHADES = 20;
  const DIFFERENCE = 2;
  const points = (share) => (share === null ? "–" : netviz.number(100 * share, 1));
  const change = (after, before) => (after === null || before === null ? "–" : netviz.signed(100 * (after - before), 1));

  netviz.define("nv-confusion-matrix", class extends netviz.Figure {
    enhance() {
      const { matrices, classes, shown, view } = this.config;
      Object.assign(this, { view, unit: "counts", order: 0, change: 0, size: classes.length });
      this.guard = netviz.latest();
      this.table = this.querySelector(".matrix");
      this.cells = [...this.table.querySelectorAll(".cell")];
      this.images = this.querySelector(".nv-samples");
      this.about = this.querySelector(".about");
      this.addControls(matrices);
      this.table.setAttribute("role", "grid");
      this.name();
      this.chosen = shown[0] * this.size + shown[1];
      let settled = false;
      const grid = netviz.grid(this.table, ".cell", this.size, (_, index) => {
        this.chosen = index;
        if (settled) this.show();
      });
      grid.reach(this.chosen);
      settled = true;
      this.settings({ network: this.views, cell: grid, images: this.orders, moved: this.changes, cells: this.units });
      for (const event of ["pointerover", "focusin"]) this.addEventListener(event, () => this.warm(), { once: true });
    }

    addControls(matrices) {
      const orders = netviz.orders.map((_, k) => [k, netviz.orderWords(k)]);
      this.orders = netviz.select(netviz.say("Images"), orders, 0, (value) => { this.order = Number(value); this.show(); this.warm(); });
      const changes = [[0, netviz.say("that came into the cell")], [1, netviz.say("that left it")]];
      this.changes = netviz.select(netviz.say("Images"), changes, 0, (value) => { this.change = Number(value); this.show(); });
      this.orders.hidden = this.differs;
      this.changes.hidden = !this.differs;
      this.querySelector(".orders").append(this.orders, this.changes);
      const units = [["counts", netviz.say("counts")], ["shares", netviz.say("share of row")]];
      this.units = netviz.choice(netviz.say("Cells"), units, "counts", (value) => { this.unit = value; this.paint(); this.tell(); });
      this.querySelector(".units").append(this.units);
      if (matrices.length < 2) return;
      const views = [...matrices.map((matrix) => netviz.named(matrix.title)), netviz.say("the difference")].map((title, k) => [k, title]);
      this.views = netviz.choice(netviz.say("Network"), views, this.view, (value) => { this.view = value; this.paint(); this.announce(this.table.caption.textContent); this.show(); this.warm(); });
      this.querySelector(".views").append(this.views);
    }

    get differs() { return this.view === DIFFERENCE; }
    get source() { return this.differs ? this.config.moved : this.config.samples[this.view]; }

    /** Fetch what the cells of this view will need, nearest rows first, so that none waits. */
    async warm() {
      const { source } = this;
      const here = Math.floor(this.chosen / this.size);
      const rows = [...Array(this.size).keys()].sort((a, b) => Math.abs(a - here) - Math.abs(b - here));
      try {
        await netviz.load(source.index);
        for (const row of rows) await this.pictures(source, row);
      } catch { /* The cell that needs it will say so. */ }
    }

    /** An image is in the sheet of the first order that shows it: fetch those up to ours. */
    pictures(source, row) {
      const sheets = source.sheets.slice(0, this.differs ? 1 : this.order + 1);
      return Promise.all(sheets.map(async (rows) => rows[row] && { picture: await netviz.picture(rows[row][0]), columns: rows[row][1] }));
    }

    count(row, column) {
      const [first, second] = this.config.matrices;
      return this.differs ? second.counts[row][column] - first.counts[row][column] : this.config.matrices[this.view].counts[row][column];
    }

    paint() {
      const { size, differs } = this;
      const totals = this.config.matrices[0].counts.map((row) => row.reduce((sum, count) => sum + count, 0) || 1);
      const cells = this.cells.map((cell, index) => {
        const row = Math.floor(index / size);
        const count = this.count(row, index % size);
        return { cell, count, share: count / totals[row], right: row === index % size };
      });
      const most = (chosen) => Math.max(...chosen.map(({ share }) => Math.abs(share))) || 1;
      const all = most(cells);
      const worst = most(cells.filter(({ right }) => !right));
      for (const { cell, count, share, right } of cells) {
        const limit = differs ? all : right ? 1 : worst;
        // In a difference, more on the diagonal is better and more beside it is worse.
        const good = differs ? (count > 0) === right : right;
        cell.className = `cell ${good ? "right" : "wrong"} nv-shade-${Math.round(SHADES * Math.abs(share) / limit)}${count ? "" : " zero"}`;
        cell.textContent = this.written(count, share);
      }
      this.classList.toggle("long", differs || this.unit === "shares");
      this.margins();
      this.legend(all, worst);
      this.orders.hidden = differs;
      this.changes.hidden = !differs;
      this.name();
    }

    /** The number of a cell: of images, ungrouped so that columns stay narrow, or the percentage of its row. */
    written(count, share) {
      if (this.unit === "shares") return this.differs ? netviz.signed(100 * share, 1) : points(share);
      return this.differs ? netviz.signed(count, 0) : String(count);
    }

    margins() {
      const { matrices } = this.config;
      const matrix = matrices[this.differs ? 1 : this.view];
      const value = (key, k) => (this.differs ? change(matrix[key][k], matrices[0][key][k]) : points(matrix[key][k]));
      this.table.querySelectorAll("tbody .margin").forEach((cell, row) => { cell.textContent = value("recall", row); });
      this.table.querySelectorAll("tfoot .value").forEach((cell, column) => { cell.textContent = value("precision", column); });
      this.table.caption.textContent = this.differs
        ? netviz.say("{second} less {first}: {change} points of accuracy", { second: matrix.title, first: matrices[0].title, change: change(matrix.accuracy, matrices[0].accuracy) })
        : netviz.say("{network}: {share} of {count} images right", { network: matrix.title, share: netviz.share(matrix.accuracy), count: matrix.total });
    }

    legend(all, worst) {
      const share = (of) => netviz.say("{share} of its class", { share: netviz.share(of) });
      const ends = this.differs
        ? [netviz.say("better: none"), share(all), netviz.say("worse: none"), share(all)]
        : [netviz.say("right: none"), netviz.say("all of its class"), netviz.say("mistaken: none"), share(worst)];
      this.querySelectorAll(".end").forEach((end, place) => { end.textContent = ends[place]; });
    }

    /** Tell screen readers of each cell what the eye reads off its row and column. */
    name() {
      const { classes } = this.config;
      this.cells.forEach((cell, index) => {
        cell.setAttribute("role", "gridcell");
        const read = netviz.readAs(classes[Math.floor(index / this.size)], classes[index % this.size]);
        cell.setAttribute("aria-label", netviz.say("{cell}: {count}", { cell: read, count: cell.textContent }));
      });
    }

    /** Say the outlined cell again, whose number has changed though its images have not. */
    tell() {
      this.announce(this.cells[this.chosen].getAttribute("aria-label"));
    }

    async show() {
      const { source, differs } = this;
      const mine = this.guard();
      const row = Math.floor(this.chosen / this.size);
      const column = this.chosen % this.size;
      try {
        const [index, pictures] = await Promise.all([netviz.load(source.index), this.pictures(source, row)]);
        if (mine()) (differs ? this.showMoved : this.showSamples).call(this, index.cells[row][column], pictures, row, column);
      } catch (error) {
        if (mine()) this.about.textContent = error.message;
      }
    }

    showSamples(cell, pictures, row, column) {
      const { classes } = this.config;
      const listed = cell[netviz.orders[this.order]];
      this.about.textContent = netviz.sampleText(classes[row], classes[column], listed.length, cell.total, this.order);
      netviz.paintSamples(this.images, this.config, classes[row], listed.map(([order, slot, predicted, actual]) =>
        ({ ...pictures[order], slot, lines: netviz.shares(predicted, actual, row === column) })));
    }

    showMoved(cell, [sheet], row, column) {
      const { classes } = this.config;
      const { total, images } = cell[this.change];
      this.about.textContent = this.moved(netviz.readAs(classes[row], classes[column]), images.length, total);
      netviz.paintSamples(this.images, this.config, classes[row], images.map(([slot, other]) => ({ ...sheet, slot, lines: [netviz.named(classes[other])] })));
    }

    /** What the images are that came into a cell, or left it: the first network alone read those so. */
    moved(read, shown, total) {
      const hasLeft = this.change === 1;
      const cell = hasLeft ? netviz.say("{cell} by the first network alone", { cell: read }) : netviz.say("{cell} by the second network alone", { cell: read });
      if (!total) return netviz.say("{cell}: no image.", { cell });
      return hasLeft
        ? netviz.say("{cell}: {shown} of {total}, the surest first. Below each, what the second read.", { cell, shown, total })
        : netviz.say("{cell}: {shown} of {total}, the surest first. Below each, what the first read.", { cell, shown, total });
    }
  });
}
