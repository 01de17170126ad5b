/* Asks the reader to name each image before the network's answer shows, and keeps both scores.
 * Where classes are single characters, the keys of those characters answer as well. */
"use strict";
netviz.define("nv-you-first", class extends netviz.Figure {
  enhance() {
    const { classes } = this.config;
    this.images = [...this.querySelectorAll(".run li")];
    this.picture = netviz.el("span", { class: "nv-tile nv-i-0" }, this.images[0].querySelector("img").cloneNode());
    this.question = netviz.el("p", { "aria-live": "polite" });
    this.answers = netviz.el("div", { class: "answers", role: "group", "aria-label": netviz.say("Your answer"), tabindex: -1 });
    this.next = netviz.button("", () => (this.place + 1 < this.images.length ? this.go() : this.start()));
    this.next.classList.add("next");
    this.querySelector(".stage").append(this.picture, netviz.el("div", { class: "asked" }, this.question, this.answers, this.next));
    this.buttons = classes.map((name, k) => netviz.button(netviz.named(name), () => this.answer(k)));
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
    this.images.forEach((image, place) => this.mark(place, "", netviz.say("Image {number}", { number: place + 1 })));
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
    const number = this.place + 1;
    this.picture.querySelector("img").alt = netviz.say("Image {number}", { number });
    this.mark(this.place, "now", netviz.say("Image {number}", { number }));
    this.question.textContent = netviz.say("Image {number} of {count}. What is it?", { number, count: answers.length });
    for (const button of this.buttons) button.disabled = false;
    // The button goes, the focus stays: the keys answer only within the figure.
    if (document.activeElement === this.next) this.answers.focus({ preventScroll: true });
    this.next.hidden = true;
  }

  answer(k) {
    if (this.answered) return;
    this.answered = true;
    const { answers } = this.config;
    const { label, read } = answers[this.place];
    const number = this.place + 1;
    this.hits += k === label;
    this.network += read === label;
    if (k === label) this.mark(this.place, "hit", netviz.say("Image {number}: right", { number }));
    else this.mark(this.place, "missed", netviz.say("Image {number}: wrong", { number }));
    const isLast = number === answers.length;
    this.question.replaceChildren(...this.verdicts(k, answers[this.place]), " ", this.scores(isLast));
    for (const button of this.buttons) button.disabled = true;
    this.next.textContent = isLast ? netviz.say("Once more") : netviz.say("Next image");
    this.next.hidden = false;
    this.next.focus({ preventScroll: true });
  }

  /** What the reader and the network said of an image, and whether that is right. */
  verdicts(k, { label, read, share }) {
    const { classes } = this.config;
    const verdict = (isRight) => netviz.el("span", { class: isRight ? "right" : "wrong" }, isRight ? netviz.say("right") : netviz.say("wrong"));
    const places = {
      answer: classes[k], verdict: verdict(k === label), class: classes[label],
      predicted: classes[read], share: netviz.share(share), other: verdict(read === label),
    };
    return /^[aeiou8]/i.test(classes[label])
      ? netviz.sayAround("You said {answer}: {verdict}. It is an {class}. The network said {predicted}, {share} sure: {other}.", places)
      : netviz.sayAround("You said {answer}: {verdict}. It is a {class}. The network said {predicted}, {share} sure: {other}.", places);
  }

  scores(isLast) {
    const places = { hits: this.hits, count: this.place + 1, network: this.network };
    return isLast
      ? netviz.say("In the end you have {hits} of {count}, the network {network}.", places)
      : netviz.say("So far you have {hits} of {count}, the network {network}.", places);
  }
});
