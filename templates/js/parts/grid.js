/* One tab stop for a whole grid: arrows move through it, and hover, tap and focus select alike.
 *
 * netviz.grid(container, cells, columns, select)   select(cell, index) for each cell reached; `cells` is
 *   a selector, or the cells themselves in the order of the arrows where that is not the document's;
 *   `columns` is a number or a function that gives one, for grids that reflow
 * netviz.inFirstRow(container)   such a function: how many children the first row has
 * netviz.noStop(drawing)   for a drawing that sees to the keys of its parts by itself
 */
"use strict";
/** A drawing that listens for the focus of its parts is for Chromium a tab stop itself, and a nameless one. */
netviz.noStop = (container) => { if (container instanceof SVGElement) container.setAttribute("tabindex", "-1"); };

netviz.inFirstRow = (container) => () => {
  const all = [...container.children];
  const next = all.findIndex((one) => one.offsetTop > all[0].offsetTop);
  return next < 0 ? all.length : next;
};

netviz.grid = (container, given, columns, select) => {
  const cells = () => (typeof given === "string" ? [...container.querySelectorAll(given)] : given);
  const wide = () => (typeof columns === "function" ? columns() : columns);
  let current = 0;
  netviz.noStop(container);
  const reach = (index, focus) => {
    const all = cells();
    if (!all[index]) return;
    all[current]?.setAttribute("tabindex", "-1");
    all[current]?.removeAttribute("data-current");
    current = index;
    all[index].setAttribute("tabindex", "0");
    all[index].setAttribute("data-current", "");
    if (focus) all[index].focus({ preventScroll: false });
    select(all[index], index);
  };
  cells().forEach((cell, index) => cell.setAttribute("tabindex", index ? "-1" : "0"));
  const cellOf = (event) => cells().findIndex((cell) => cell.contains(event.target));
  container.addEventListener("pointerover", (event) => {
    const index = event.pointerType === "mouse" ? cellOf(event) : -1;
    if (index >= 0 && index !== current) reach(index);
  });
  container.addEventListener("click", (event) => { const index = cellOf(event); if (index >= 0) reach(index); });
  container.addEventListener("focusin", (event) => {
    const index = cellOf(event);
    if (index >= 0 && index !== current) reach(index);
    else if (index >= 0) select(cells()[index], index);
  });
  container.addEventListener("keydown", (event) => {
    const count = cells().length;
    const row = current - (current % wide());
    const right = getComputedStyle(container).direction === "rtl" ? -1 : 1; // the way that the eye sees it
    const target = {
      ArrowLeft: current - right, ArrowRight: current + right, ArrowUp: current - wide(), ArrowDown: current + wide(),
      Home: event.ctrlKey ? 0 : row, End: event.ctrlKey ? count - 1 : Math.min(count, row + wide()) - 1,
    }[event.key];
    if (target === undefined || cellOf(event) < 0) return;
    event.preventDefault();
    if (target >= 0 && target < count) reach(target, true);
  });
  return { reach, get current() { return current; } };
};
