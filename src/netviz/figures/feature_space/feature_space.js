/* Shows the image of a point, in both maps at once, and picks out a class. Arrow keys go through
 * the points of a map from left to right; a tap beside a point reaches the nearest. A slider moves the
 * points of the second map between their places by pixels and by features. */
"use strict";
{
  /** The index of the mark whose middle is nearest to a pointer. */
  const nearest = (marks, { clientX, clientY }) => {
    const far = marks.map((mark) => {
      const { left, right, top, bottom } = mark.getBoundingClientRect();
      return Math.hypot((left + right) / 2 - clientX, (top + bottom) / 2 - clientY);
    });
    return far.indexOf(Math.min(...far));
  };

  /** Draw a mark over all others; it stays where it is in the document, so that it keeps the focus. */
  const raise = (mark) => {
    const all = [...mark.parentElement.children];
    mark.before(...all.slice(all.indexOf(mark) + 1));
  };

  netviz.define("nv-feature-space", class extends netviz.Figure {
    enhance() {
      const { classes, images, sheet } = this.config;
      this.maps = [...this.querySelectorAll("svg")];
      this.points = this.maps.map((map) => [...map.children]);
      this.shown = this.querySelector(".shown");
      this.frame = netviz.tile("");
      this.words = netviz.el("span", {}, this.hint());
      this.frame.hidden = true;
      this.shown.append(this.frame, this.words);
      this.guard = netviz.latest();
      const picked = netviz.select(netviz.say("Pick out"), [["", netviz.say("no class")], ...classes.map((name, k) => [k, netviz.named(name)])], "", (value) => this.pick(value));
      this.places = this.points.map((points) => points.map((point) => [Number(point.getAttribute("x")), Number(point.getAttribute("y"))]));
      const slider = this.slider();
      this.controls(picked);
      this.points.forEach((points, number) => {
        points.forEach((point, image) => {
          point.dataset.image = image;
          point.setAttribute("role", "button");
          point.setAttribute("aria-label", this.told(image));
        });
        const across = [...points].sort((a, b) => a.getAttribute("x") - b.getAttribute("x"));
        const grid = netviz.grid(this.maps[number], across, 1, (point) => this.show(Number(point.dataset.image)));
        this.maps[number].addEventListener("click", (event) => {
          if (!event.target.closest("text")) grid.reach(nearest(across, event));
        });
      });
      this.addEventListener("pointerover", () => netviz.picture(sheet), { once: true });
      this.images = images;
      const image = { get: () => 1 + (this.here ?? -1), set: (k) => (k ? this.show(k - 1) : this.clear()) };
      this.settings({ class: picked, image, features: { get: () => this.config.steps - Number(slider.value), set: (k) => this.move(slider, this.config.steps - k) } });
    }

    /** The slider between the two places of every point, above the second map, and a button that runs it. */
    slider() {
      const { steps } = this.config;
      const slider = netviz.el("input", { type: "range", min: 0, max: steps, value: steps, "aria-label": netviz.say("From the places by pixels to those by features"), oninput: () => { this.stop(); this.move(slider, Number(slider.value)); } });
      const run = netviz.button(netviz.say("Play"), () => {
        this.stop();
        this.move(slider, 0);
        this.announce(slider.getAttribute("aria-valuetext"));
        const on = () => {
          this.move(slider, netviz.still.matches ? steps : Number(slider.value) + 1);
          if (Number(slider.value) < steps) return;
          this.stop();
          this.announce(slider.getAttribute("aria-valuetext"));
        };
        this.timer = setInterval(on, 70);
      });
      const place = this.maps[1].parentElement.querySelector(".between");
      place.append(run, netviz.el("span", {}, netviz.say("pixels")), slider, netviz.el("span", {}, netviz.say("features")));
      this.named = this.maps.map((map) => ["heading", "note"].map((part) => map.parentElement.querySelector(`.${part}`)));
      this.written = this.named.map((parts) => parts.map((part) => part.textContent));
      this.labels = this.maps.map((map) => map.getAttribute("aria-label"));
      this.move(slider, steps);
      return slider;
    }

    stop() {
      clearInterval(this.timer);
    }

    /** Put each point of the second map so many steps on its way from its place by pixels. */
    move(slider, step) {
      const share = step / this.config.steps;
      const onTheWay = netviz.say("{share} of the way from pixels to features", { share: netviz.share(share, 0) });
      slider.value = step;
      slider.setAttribute("aria-valuetext", onTheWay);
      this.describe(share, onTheWay);
      const [by, to] = this.places;
      this.points[1].forEach((point, image) => ["x", "y"].forEach((axis, k) => point.setAttribute(axis, by[image][k] + share * (to[image][k] - by[image][k]))));
    }

    /** Let the label, the heading and the note of the second map speak of the places that it shows. */
    describe(share, onTheWay) {
      const [heading, note] = this.named[1];
      const end = Math.round(share);
      const [placed, told] = this.written[end];
      const isBetween = share > 0 && share < 1;
      this.maps[1].setAttribute("aria-label", isBetween ? onTheWay : this.labels[end]);
      heading.textContent = isBetween ? onTheWay : placed;
      note.textContent = told;
      note.style.visibility = isBetween ? "hidden" : "";
    }

    hint() {
      return netviz.say("Point at an image, tap it, or use the arrow keys.");
    }

    clear() {
      this.mark(null);
      this.words.textContent = this.hint();
      this.frame.hidden = true;
    }

    /** Mark the point of an image in both maps, and draw it over those about it. */
    mark(image) {
      this.here = image;
      for (const points of this.points) {
        points.forEach((point, number) => point.classList.toggle("here", number === image));
        if (image !== null) raise(points[image]);
      }
    }

    told(image) {
      const { classes, images } = this.config;
      const { label, read } = images[image];
      return label === read
        ? netviz.say("{class}, read correctly", { class: classes[label] })
        : netviz.say("{class}, misread as {predicted}", { class: classes[label], predicted: classes[read] });
    }

    pick(value) {
      const own = this.images.filter(({ label }) => String(label) === value);
      const misread = own.filter(({ label, read }) => label !== read).length;
      this.announce(own.length
        ? netviz.sayCounted("{class}: {count} images, {wrong} misread", "{class}: {count} image, {wrong} misread", { class: this.config.classes[own[0].label], count: own.length, wrong: misread })
        : netviz.say("no class"));
      for (const [number, points] of this.points.entries()) {
        this.maps[number].classList.toggle("picking", value !== "");
        points.forEach((point, image) => point.classList.toggle("own", String(this.images[image].label) === value));
      }
    }

    async show(image) {
      const { sheet, slots, index } = this.config;
      const mine = this.guard();
      this.mark(image);
      this.words.textContent = this.told(image);
      const picture = await netviz.picture(sheet);
      if (!mine()) return;
      this.frame.firstChild.setAttribute("aria-label", this.told(image));
      netviz.paintTile(this.frame.firstChild, picture, slots[image], index);
      this.frame.hidden = false;
    }
  });
}
