/* One note beside whatever the reader points at, tabs to or taps: elements with data-tip.
 *
 * netviz.tip.show(element or {left, top, width, height}, text), netviz.tip.hide()
 */
"use strict";
(() => {
  const note = netviz.el("div", { class: "nv-tip", role: "tooltip", id: "nv-tip", hidden: true });
  let owner = null;

  function show(target, text) {
    if (!note.isConnected) document.body.append(note);
    const box = target.getBoundingClientRect ? target.getBoundingClientRect() : target;
    note.textContent = text;
    note.hidden = false;
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
  }

  const reach = (event) => {
    const target = event.target.closest?.("[data-tip]");
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
    if (owner && event.pointerType === "mouse" && !owner.contains(event.relatedTarget)) hide();
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  netviz.tip = { show, hide };
})();
