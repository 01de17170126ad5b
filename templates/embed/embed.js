/* What a page of one figure alone (embed.html) does in a frame.
 *
 * ?theme=light or ?theme=dark in its address suits it to the page around it. To a message
 * {netviz: "height"} from that page it answers with {netviz: "height", height}, in CSS pixels, and
 * says so again whenever its height changes. Links to the essay lead to the state that is shown.
 */
"use strict";
(() => {
  const theme = new URLSearchParams(location.search).get("theme");
  if (["light", "dark"].includes(theme)) document.documentElement.dataset.theme = theme;

  let isAsked = false;
  const tell = () => {
    // A page from the disk has no origin to be named, and a height is no secret.
    if (isAsked) parent.postMessage({ netviz: "height", height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
  };
  addEventListener("message", ({ data, source }) => {
    if (source !== parent || data?.netviz !== "height" || "height" in data) return;
    isAsked = true;
    tell();
  });

  function renew() {
    const box = document.querySelector(".nv-figure");
    const figure = [...box.children].find((child) => child.wake);
    const state = figure && netviz.stateOf(figure);
    for (const link of document.querySelectorAll(".nv-source")) link.hash = [box.id, state].filter(Boolean).join("?");
  }
  for (const kind of ["pointerover", "focusin", "click"]) addEventListener(kind, renew, true);
  addEventListener("DOMContentLoaded", () => new ResizeObserver(tell).observe(document.body));
})();
