/* Shows the pieces of images that excite the filter at which the reader points. */
"use strict";
netviz.define("nv-filters", class extends netviz.Figure {
  async enhance() {
    const { sheet, rows, columns, pieces } = this.config;
    const picture = await netviz.picture(sheet);
    const wall = this.querySelector(".wall");
    const detail = this.querySelector(".detail");
    [...wall.children].forEach((one, k) => {
      one.setAttribute("role", "img");
      one.setAttribute("aria-label", netviz.say("Filter {unit}", { unit: k + 1 }));
    });
    let shown = -1;
    const rest = () => {
      shown = -1;
      detail.replaceChildren();
    };
    const grid = netviz.grid(wall, ".one", netviz.inFirstRow(wall), (one, unit) => {
      shown = unit;
      const strip = netviz.el("span", { class: "strip" });
      for (let k = 0; k < pieces; k += 1) {
        const tile = netviz.tile("");
        netviz.paintTile(tile.firstChild, picture, unit * pieces + k, { width: columns, height: rows, columns: pieces });
        tile.firstChild.setAttribute("aria-hidden", "true");
        strip.append(tile);
      }
      detail.replaceChildren(one.firstElementChild.cloneNode(true), netviz.el("span", {}, netviz.say("Filter {unit} and what excites it most", { unit: unit + 1 })), strip);
    });
    const set = (unit) => { if (unit < 0) rest(); else grid.reach(unit); };
    this.settings({ filter: { get: () => shown, set } });
  }
});
