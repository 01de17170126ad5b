/* The page is complete without this: script adds a choice of order. */
"use strict";
netviz.define("nv-my-figure", class extends netviz.Figure {
  enhance() {
    const list = this.querySelector("ol");
    const byClass = [...list.children];
    const byShare = [...byClass].sort((one, other) => other.dataset.share - one.dataset.share);
    const orders = [["class", "by class"], ["share", "best first"]];
    this.controls(netviz.choice("Order", orders, "class", (order) => {
      list.replaceChildren(...(order === "share" ? byShare : byClass));
      this.announce(order === "share" ? "Best first." : "By class.");
    }));
  }
});
