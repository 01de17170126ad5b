/* Points that say their numbers. */
"use strict";
netviz.define("nv-reliability", class extends netviz.Figure {
  enhance() {
    this.settings({ point: netviz.marks(this) });
  }
});
