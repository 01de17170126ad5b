/* Shows the images behind each cell of the matrix, switches between networks, and shows what one
 * of them changes. Sheets of images come with the first cell that a reader reaches. */
"use strict";
{
  const ORDERS = [["surest", "the surest"], ["middling", "the middling"], ["borderline", "the borderline"], ["random", "a random draw"]];
  const SHADES = 20;
  const perMille = (part) => netviz.percent(part / 1000);
  const signed = (number) => (number > 0 ? `+${number}` : number < 0 ? `−${-number}` : "");

  netviz.define("nv-confusion-matrix", class extends netviz.Figure {
    enhance() {
      const { matrices } = this.config;
      this.view = 0;
      this.unit = "counts";
      this.order = 0;
      this.guard = netviz.latest();
      this.table = this.querySelector(".matrix");
      this.cells = [...this.table.querySelectorAll(".cell")];
      this.images = this.querySelector(".images");
      this.about = this.querySelector(".about");
      this.size = this.config.classes.length;
      const views = matrices.map((matrix, k) => [k, matrix.title]);
      if (matrices.length > 1) {
        views.push(["difference", "the difference"]);
        this.controls(netviz.choice("Network", views, 0, (value) => { this.view = value; this.paint(); this.show(); }));
      }
      this.orders = netviz.select("Images", ORDERS.map(([, name], k) => [k, name]), 0, (value) => { this.order = Number(value); this.show(); });
      this.controls(netviz.choice("Cells", [["counts", "counts"], ["shares", "share of row"]], "counts", (value) => { this.unit = value; this.paint(); }), this.orders);
      this.table.setAttribute("role", "grid");
      this.name();
      netviz.grid(this.table, ".cell", this.size, (_, index) => { this.chosen = index; this.show(); });
      this.table.addEventListener("pointerover", () => this.warm(), { once: true });
      this.table.addEventListener("focusin", () => this.warm(), { once: true });
    }

    get differs() { return this.view === "difference"; }
    get matrix() { return this.config.matrices[this.differs ? 1 : this.view]; }

    /** Fetch what the first cells will need, so that none waits for it later. */
    async warm() {
      const { samples } = this.config;
      await netviz.load(samples[0].index);
      for (const sheet of samples[0].sheets[0]) if (sheet) await netviz.picture(sheet[0]);
    }

    counts(row, column) {
      const [first, second] = this.config.matrices;
      return this.differs ? second.counts[row][column] - first.counts[row][column] : this.matrix.counts[row][column];
    }

    paint() {
      const { size, matrix } = this;
      const total = (row) => matrix.counts[row].reduce((sum, count) => sum + count, 0) || 1;
      const share = (index) => this.counts(Math.floor(index / size), index % size) / total(Math.floor(index / size));
      const isRight = (index) => index % (size + 1) === 0;
      const most = (right) => Math.max(...this.cells.map((_, index) => (isRight(index) === right ? Math.abs(share(index)) : 0)));
      const limits = new Map([[true, this.differs ? most(true) : 1], [false, most(false)]]);
      this.cells.forEach((cell, index) => {
        const count = this.counts(Math.floor(index / size), index % size);
        // In a difference, more on the diagonal is better and more beside it is worse.
        const good = this.differs ? (count > 0) === isRight(index) : isRight(index);
        const shade = Math.round((SHADES * Math.abs(share(index))) / (limits.get(isRight(index)) || 1));
        cell.className = `cell ${good ? "right" : "wrong"} nv-shade-${shade}`;
        const percent = Math.round(1000 * share(index)) / 10;
        const text = this.unit === "counts" ? count : percent;
        cell.textContent = this.differs ? signed(text) : text || "";
      });
      this.table.caption.textContent = this.differs
        ? `${this.config.matrices[1].title}, less ${this.config.matrices[0].title}`
        : `${matrix.title}: ${netviz.percent(matrix.accuracy)} of ${matrix.total.toLocaleString("en")} images right`;
      this.table.querySelectorAll("tbody .margin").forEach((cell, row) => { cell.textContent = matrix.recall[row] === null ? "–" : netviz.percent(matrix.recall[row]); });
      this.table.querySelectorAll("tfoot td").forEach((cell, column) => { if (column < size) cell.textContent = matrix.precision[column] === null ? "–" : Math.round(100 * matrix.precision[column]); });
      const ends = this.differs
        ? ["no change", "better", "no change", "worse"]
        : ["right: none", "all of its class", "mistaken: none", `${netviz.percent(limits.get(false))} of its class`];
      this.querySelectorAll(".end").forEach((end, place) => { end.textContent = ends[place]; });
      this.orders.hidden = this.differs;
      this.name();
    }

    /** Tell screen readers of each cell what the eye reads off its row and column. */
    name() {
      const { classes } = this.config;
      this.cells.forEach((cell, index) => {
        cell.setAttribute("role", "gridcell");
        cell.setAttribute("aria-label", `${classes[Math.floor(index / this.size)]} read as ${classes[index % this.size]}: ${cell.textContent || 0}`);
      });
    }

    async show() {
      if (this.chosen === undefined) return;
      const mine = this.guard();
      const row = Math.floor(this.chosen / this.size);
      const column = this.chosen % this.size;
      const source = this.differs ? this.config.moved : this.config.samples[this.view];
      const sheet = this.differs ? source.sheets[row] : source.sheets[this.order][row];
      const [index, picture] = await Promise.all([netviz.load(source.index), sheet && netviz.picture(sheet[0])]);
      if (!mine()) return;
      const cell = index.cells[row][column];
      if (this.differs) this.showMoved(cell, row, column, picture, sheet);
      else this.showSamples(cell, row, column, picture, sheet);
    }

    showSamples(cell, row, column, picture, sheet) {
      const { classes } = this.config;
      const [order, words] = ORDERS[this.order];
      const listed = cell[order] || [];
      const what = row === column ? `${classes[row]} read rightly` : `${classes[row]} read as ${classes[column]}`;
      const given = row === column ? `to ${classes[column]}` : `to ${classes[column]}, and in brackets to ${classes[row]}`;
      this.about.textContent = cell.total
        ? `${what}: ${listed.length} of ${cell.total}, ${words}${order === "random" ? "" : " first"}. Below each, the probability that the network gave ${given}.`
        : `${what}: no image.`;
      this.images.replaceChildren(...listed.map(([slot, predicted, actual]) =>
        this.tile(picture, sheet, slot, row === column ? perMille(predicted) : `${perMille(predicted)} (${perMille(actual)})`)));
    }

    showMoved([came, left], row, column, picture, sheet) {
      const { classes } = this.config;
      const part = (moved, words) => [netviz.el("li", { class: "part" }, `${words}: ${moved.slots.length} of ${moved.total}`),
        ...moved.slots.map((slot) => this.tile(picture, sheet, slot, ""))];
      this.about.textContent = `${classes[row]} read as ${classes[column]}: what the second network changes. The surest come first.`;
      this.images.replaceChildren(...part(came, "now here, elsewhere before"), ...part(left, "here before, elsewhere now"));
    }

    tile(picture, [, columns], slot, text) {
      const frame = netviz.tile("");
      netviz.paintTile(frame.firstChild, picture, slot, { width: this.config.width, height: this.config.height, columns });
      return netviz.el("li", {}, frame, text && netviz.el("span", {}, text));
    }
  });
}
