/* Asks the reader to name each image before the network's answer shows, and keeps both scores.
 * Where classes are single characters, the keys of those characters answer as well. */
"use strict";
netviz.define("nv-you-first", class extends netviz.Figure {
  enhance() {
    const { classes } = this.config;
    this.images = [...this.querySelectorAll(".run li")];
    this.picture = netviz.el("span", { class: "nv-tile nv-i-0" }, this.images[0].querySelector("img").cloneNode());
    this.question = netviz.el("p", { "aria-live": "polite" });
    this.answers = netviz.el("div", { class: "answers", role: "group", "aria-label": "Your answer", tabindex: -1 });
    this.next = netviz.button("", () => (this.place + 1 < this.images.length ? this.go() : this.start()));
    this.next.classList.add("next");
    this.querySelector(".stage").append(this.picture, netviz.el("div", { class: "asked" }, this.question, this.answers, this.next));
    this.buttons = classes.map((name, k) => netviz.button(name, () => this.answer(k)));
    this.answers.append(...this.buttons);
    for (const [k, name] of classes.entries()) if (name.length === 1) this.buttons[k].setAttribute("aria-keyshortcuts", name);
    this.addEventListener("keydown", (event) => {
      const k = classes.indexOf(event.key);
      if (k >= 0 && !event.ctrlKey && !event.metaKey && !event.altKey) this.answer(k);
    });
    this.start();
    this.settings({ image: { get: () => this.place, set: (k) => this.skip(k) } });
  }

  /** Go to an image of the run, as if those before it had not been asked. */
  skip(place) {
    this.start();
    this.place = place - 1;
    this.go();
  }

  start() {
    this.place = -1;
    this.hits = 0;
    this.network = 0;
    this.images.forEach((image, place) => this.mark(place, "", `Image ${place + 1}`));
    this.go();
  }

  /** Show how the reader fared with an image of the run, and say it. */
  mark(place, how, words) {
    this.images[place].className = how;
    this.images[place].querySelector("img").alt = words;
  }

  go() {
    const { answers } = this.config;
    this.place += 1;
    this.answered = false;
    this.picture.className = `nv-tile nv-i-${this.place}`;
    this.picture.querySelector("img").alt = `Image ${this.place + 1}`;
    this.mark(this.place, "now", `Image ${this.place + 1}`);
    this.question.textContent = `Image ${this.place + 1} of ${answers.length}. What is it?`;
    for (const button of this.buttons) button.disabled = false;
    // The button goes, the focus stays: the keys answer only within the figure.
    if (document.activeElement === this.next) this.answers.focus({ preventScroll: true });
    this.next.hidden = true;
  }

  answer(k) {
    if (this.answered) return;
    this.answered = true;
    const { classes, answers } = this.config;
    const { label, read, share } = answers[this.place];
    this.hits += k === label;
    this.network += read === label;
    this.mark(this.place, k === label ? "hit" : "missed", `Image ${this.place + 1}: ${k === label ? "right" : "wrong"}`);
    const verdict = (right) => netviz.el("span", { class: right ? "right" : "wrong" }, right ? "right" : "wrong");
    const isLast = this.place + 1 === answers.length;
    this.question.replaceChildren(
      `You said ${classes[k]}: `, verdict(k === label), `. It is ${/^[aeiou8]/i.test(classes[label]) ? "an" : "a"} ${classes[label]}. The network said ${classes[read]}, ${netviz.percent(share)} sure: `, verdict(read === label),
      `. ${isLast ? "In the end" : "So far"} you have ${this.hits} of ${this.place + 1}, the network ${this.network}.`);
    for (const button of this.buttons) button.disabled = true;
    this.next.textContent = isLast ? "Once more" : "Next image";
    this.next.hidden = false;
    this.next.focus({ preventScroll: true });
  }
});
