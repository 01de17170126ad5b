/* Shows the image of a point, in both maps at once, and picks out a class. Arrow keys go through
 * the points of a map from left to right. */
"use strict";
netviz.define("nv-feature-space", class extends netviz.Figure {
  enhance() {
    const { classes, images, sheet } = this.config;
    this.maps = [...this.querySelectorAll("svg")];
    this.points = this.maps.map((map) => [...map.children]);
    this.shown = this.querySelector(".shown");
    this.frame = netviz.tile("");
    this.words = netviz.el("span", {}, "Point at an image, tap it, or use the arrow keys.");
    this.frame.hidden = true;
    this.shown.append(this.frame, this.words);
    this.guard = netviz.latest();
    this.controls(netviz.select("Pick out", [["", "no class"], ...classes.map((name, k) => [k, name])], "", (value) => this.pick(value)));
    this.points.forEach((points, number) => {
      points.forEach((point, image) => {
        point.dataset.image = image;
        point.setAttribute("role", "button");
        point.setAttribute("aria-label", this.told(image));
      });
      // In the order of their places, so that arrow keys go across the map.
      this.maps[number].append(...[...points].sort((a, b) => a.getAttribute("x") - b.getAttribute("x")));
      netviz.grid(this.maps[number], "text", 1, (point) => this.show(Number(point.dataset.image)));
    });
    this.addEventListener("pointerover", () => netviz.picture(sheet), { once: true });
    this.images = images;
  }

  told(image) {
    const { classes, images } = this.config;
    const { label, read } = images[image];
    return label === read ? `${classes[label]}, read rightly` : `${classes[label]}, misread as ${classes[read]}`;
  }

  pick(value) {
    for (const [number, points] of this.points.entries()) {
      this.maps[number].classList.toggle("picking", value !== "");
      points.forEach((point, image) => point.classList.toggle("own", String(this.images[image].label) === value));
    }
  }

  async show(image) {
    const { sheet, slots, index } = this.config;
    const mine = this.guard();
    for (const points of this.points) points.forEach((point, number) => point.classList.toggle("here", number === image));
    this.words.textContent = this.told(image);
    const picture = await netviz.picture(sheet);
    if (!mine()) return;
    netviz.paintTile(this.frame.firstChild, picture, slots[image], index);
    this.frame.hidden = false;
  }
});
