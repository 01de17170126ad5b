/* Points that say their numbers: one tab stop, arrows along the points. */
"use strict";
netviz.define("nv-width-and-depth", class extends netviz.Figure {
  enhance() {
    for (const chart of this.querySelectorAll("svg")) {
      const marks = [...chart.querySelectorAll(".mark")];
      for (const mark of marks) {
        mark.setAttribute("role", "img");
        mark.setAttribute("aria-label", mark.dataset.tip);
      }
      netviz.grid(chart, ".mark", marks.length, (mark) => netviz.tip.show(mark, mark.dataset.tip));
    }
  }
});
