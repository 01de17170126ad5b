/* Ask a number: point at, tab to or tap a measured value, and it says where it comes from. A click
 * or Enter keeps the note open, with a way to how its network was trained. */
"use strict";
addEventListener("DOMContentLoaded", () => {
  const place = (key) => key.split(".").slice(1).join(" › ").replaceAll("_", " ");
  const more = document.getElementById("the-networks") && "#the-networks";
  for (const value of document.querySelectorAll("data.nv-value[data-key]")) {
    const { key, from } = value.dataset;
    value.tabIndex = 0;
    value.setAttribute("role", "button");
    value.setAttribute("aria-haspopup", "dialog");
    value.dataset.tip = `${from ? `${from}. ` : ""}${place(key)}: ${value.value}`;
    const keep = () => netviz.tip.keep(value, netviz.say("About this number"),
      ...(more ? [" ", netviz.el("a", { href: more }, netviz.say("How it was trained"))] : []),
      " ", netviz.el("a", netviz.link("measurements.json"), netviz.say("All measurements")));
    value.addEventListener("click", keep);
    value.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      keep();
    });
  }
});
