/* A shelf of small images to choose from.
 *
 * netviz.shelf(container, images, names, pick)   replaces the empty places of the container by a button for
 *   each image of a netviz.Images; names[label] says what it shows; pick(index) when one is pressed or
 *   reached by arrow keys; what it returns sets the image of a figure's state (parts/states.js), from the
 *   first on
 */
"use strict";
netviz.shelf = (container, images, names, pick) => {
  const { width, height, channels, labels, count } = images;
  container.replaceChildren();
  let picked = 0;
  const take = (index) => {
    picked = index;
    pick(index);
  };
  for (let i = 0; i < count; i += 1) {
    const tile = netviz.tile("");
    netviz.paint(tile.firstChild, images.image(i), { width, height, channels, kind: "image" });
    tile.firstChild.setAttribute("aria-hidden", "true");
    container.append(netviz.el("button", { type: "button", "aria-label": netviz.say("test image {number}: {class}", { number: i + 1, class: names[labels[i]] }), onclick: () => take(i) }, tile));
  }
  // Pointing alone, as `grid` also reports, chooses nothing.
  const grid = netviz.grid(container, "button", netviz.inFirstRow(container), (_, index) => { if (container.contains(document.activeElement)) take(index); });
  grid.reach(picked);
  container.addEventListener("pointerleave", () => grid.reach(picked));
  return { get: () => picked, set: (index) => { grid.reach(index); take(index); } };
};
