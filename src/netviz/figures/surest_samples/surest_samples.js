/* Says of the cell that a reader points at, taps or reaches by arrow keys what it shows. */
"use strict";
netviz.define("nv-surest-samples", class extends netviz.Figure {
  enhance() {
    const table = this.querySelector("table");
    const said = this.querySelector(".said");
    table.setAttribute("role", "grid");
    for (const cell of table.querySelectorAll(".cell")) cell.setAttribute("role", "gridcell");
    const grid = netviz.grid(table, ".cell", table.querySelector("tbody tr").querySelectorAll(".cell").length, (cell) => {
      said.textContent = cell.classList.contains("empty") ? netviz.say("No image was read so.") : netviz.say("{cell}.", { cell: cell.querySelector("img").alt });
    });
    this.settings({ cell: grid });
  }
});
