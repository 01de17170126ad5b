/* Claims open in place: the mark at a claim's end, or a click on its sentence, shows how it was checked.
 * A browser without popovers follows the mark to the list at the page's end, as readers without script do.
 * A button computes numbers of a claim again. What it takes is loaded by the first click (late/check.js). */
"use strict";
addEventListener("DOMContentLoaded", () => {
  const note = netviz.el("div", { class: "nv-note", id: "nv-note", popover: "auto", role: "dialog", "aria-label": netviz.say("How this was checked"), tabindex: -1 });
  if (!note.showPopover) return;
  const open = (claim, mark) => {
    const entry = document.getElementById(mark.hash.slice(1))?.querySelector("div");
    if (!entry) return;
    note.replaceChildren(...entry.cloneNode(true).childNodes, netviz.el("p", {}, netviz.el("a", { href: mark.hash, onclick: () => note.hidePopover() }, netviz.say("All checked statements"))));
    if (!note.isConnected) document.querySelector("main").append(note);
    note.showPopover();
    const box = mark.getBoundingClientRect();
    const wide = document.documentElement.clientWidth;
    const below = box.bottom + 8 + note.offsetHeight < innerHeight || box.top < note.offsetHeight;
    note.style.left = `${scrollX + Math.max(8, Math.min(wide - note.offsetWidth - 8, box.left - note.offsetWidth / 2))}px`;
    note.style.top = `${scrollY + (below ? box.bottom + 8 : box.top - note.offsetHeight - 8)}px`;
    note.focus({ preventScroll: true });
  };
  for (const mark of document.querySelectorAll(".nv-claim-mark")) {
    const claim = mark.closest(".nv-claim");
    mark.setAttribute("aria-haspopup", "dialog");
    claim.addEventListener("click", (event) => {
      const on = event.target.closest("a, data, button");
      const keys = event.ctrlKey || event.metaKey || event.shiftKey;
      if (keys || (on && on !== mark && claim.contains(on)) || getSelection().toString()) return;
      event.preventDefault();
      open(claim, mark);
    });
  }
});
addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-again]");
  if (!button) return;
  const around = button.parentElement;
  const told = around.querySelector("[aria-live]") || around.appendChild(netviz.el("div", { "aria-live": "polite" }));
  told.textContent = netviz.say("The page is computing.");
  const { again, of } = button.dataset;
  const said = await netviz.part("check").then((check) => check(JSON.parse(again), Number(of))).catch((error) => {
    if (!(error instanceof netviz.Unloaded)) throw error;
    return [error.message];
  });
  told.replaceChildren(...said.map((sentence) => netviz.el("p", {}, sentence)));
});
