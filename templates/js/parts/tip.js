/* One note beside whatever the reader points at, tabs to or taps: elements with data-tip.
 *
 * netviz.tip.show(element or {left, top, width, height}, text), netviz.tip.hide()   the note beside a place
 * netviz.tip.keep(element, name, ...links)   leaves the note of an element open, with links in it
 */
"use strict";
(() => {
  const note = netviz.el("div", { class: "nv-tip", role: "tooltip", id: "nv-tip", hidden: true });
  let owner = null;

  function show(target, text) {
    if (!note.isConnected) (document.querySelector("main") || document.body).append(note);
    const box = target.getBoundingClientRect ? target.getBoundingClientRect() : target;
    note.textContent = text;
    note.hidden = false;
    put(box);
  }

  function put(box) {
    const wide = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(wide - note.offsetWidth - 8, box.left + box.width / 2 - note.offsetWidth / 2));
    const above = box.top - note.offsetHeight - 8;
    note.style.left = `${left + scrollX}px`;
    note.style.top = `${(above > 0 ? above : box.top + box.height + 8) + scrollY}px`;
  }

  function hide() {
    owner?.removeAttribute("aria-describedby");
    owner = null;
    note.hidden = true;
    delete note.dataset.sticky;
    note.setAttribute("role", "tooltip");
    note.removeAttribute("aria-label");
  }

  /** Keep the note of `target` until the reader leaves it; links come last, the first in focus. */
  function keep(target, name, ...links) {
    if ("sticky" in note.dataset) return;
    owner = target;
    show(target, target.dataset.tip);
    note.append(...links);
    note.dataset.sticky = "";
    note.setAttribute("role", "dialog");
    note.setAttribute("aria-label", name);
    put(target.getBoundingClientRect());
    note.querySelector("a")?.focus({ preventScroll: true });
  }

  const reach = (event) => {
    const target = event.target.closest?.("[data-tip]");
    const kept = "sticky" in note.dataset;
    if (kept && (event.type === "pointerover" || note.contains(event.target))) return undefined;
    if (!target) return event.type === "focusin" || event.type === "click" ? hide() : undefined;
    if (target === owner) return undefined;
    hide();
    owner = target;
    show(target, target.dataset.tip);
    target.setAttribute("aria-describedby", "nv-tip");
    return undefined;
  };
  addEventListener("pointerover", reach);
  addEventListener("focusin", reach);
  addEventListener("click", reach);
  addEventListener("pointerout", (event) => {
    if ("sticky" in note.dataset) return;
    if (owner && event.pointerType === "mouse" && !owner.contains(event.relatedTarget)) hide();
  });
  /** The note is at the page's end, but in the tab order beside its owner: Tab goes on from there. */
  note.addEventListener("keydown", (event) => {
    const links = [...note.querySelectorAll("a")];
    if (event.key !== "Tab" || document.activeElement !== links.at(event.shiftKey ? 0 : -1)) return;
    if (event.shiftKey) event.preventDefault();
    owner?.focus();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (note.contains(document.activeElement)) owner?.focus();
    hide();
  });
  netviz.tip = { show, hide, keep };
})();
