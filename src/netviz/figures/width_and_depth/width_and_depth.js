/* Points that say their numbers. */
"use strict";
netviz.define("nv-width-and-depth", class extends netviz.Figure {
  enhance() {
    this.settings({ point: netviz.marks(this) });
  }
});
