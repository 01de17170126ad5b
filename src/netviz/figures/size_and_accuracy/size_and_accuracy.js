/* Networks that say their numbers, and show some of their filters. */
"use strict";
netviz.define("nv-size-and-accuracy", class extends netviz.Figure {
  enhance() {
    this.settings({ network: netviz.marks(this, (mark) => this.show(mark)) });
  }

  /** Show the filters of a network in the place of those of another one in its chart. */
  show(mark) {
    for (const one of mark.closest(".chart").querySelectorAll(".network")) {
      one.toggleAttribute("data-shown", one.dataset.of === mark.dataset.name);
    }
  }
});
