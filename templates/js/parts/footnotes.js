/* Footnotes open in place: point at, tab to or tap a mark, and its note shows beside it. A click or
 * Enter keeps the note open, with a way to its place; without script a mark leads to the foot of the page. */
"use strict";
addEventListener("DOMContentLoaded", () => {
  for (const mark of document.querySelectorAll("a.footnote-ref")) {
    const note = document.getElementById(decodeURIComponent(mark.hash.slice(1)))?.cloneNode(true);
    if (!note) continue;
    for (const back of note.querySelectorAll(".footnote-backref")) back.remove();
    mark.dataset.tip = note.textContent.trim();
    mark.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      netviz.tip.keep(mark, netviz.say("Footnote"), " ", netviz.el("a", { href: mark.hash }, netviz.say("Go to the note")));
    });
  }
});
