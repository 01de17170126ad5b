/* The film run: play, pause, step, scrub. It opens where the training began, and never starts by itself. */
"use strict";
netviz.define("nv-training-film", class extends netviz.Figure {
  async enhance() {
    const { film, frames, names } = this.config;
    this.picture = await netviz.picture(film);
    const row = netviz.el("div", { class: "row" });
    this.when = netviz.el("p", { class: "when" });
    this.tiles = names.map((name) => netviz.tile(netviz.say("Weights of {class}", { class: name })));
    row.append(this.when, netviz.el("ol", {}, ...this.tiles.map((tile, unit) => netviz.el("li", {}, tile, netviz.el("span", { class: "name", "aria-hidden": "true" }, netviz.named(names[unit]))))));
    const screen = this.querySelector(".screen");
    if (netviz.still.matches) screen.append(row); // below the stills
    else screen.replaceChildren(row);
    this.slider = netviz.el("input", { type: "range", class: "scrub", min: 0, max: frames.length - 1, value: 0, "aria-label": netviz.say("Frame"), oninput: () => { this.stop(); this.show(Number(this.slider.value)); } });
    this.player = netviz.button(netviz.say("Play"), () => (this.timer ? this.stop() : this.play()));
    const step = (by) => () => { this.stop(); this.show(Math.min(frames.length - 1, Math.max(0, this.frame + by))); this.tell(); };
    const back = netviz.button("‹", step(-1));
    const on = netviz.button("›", step(1));
    back.setAttribute("aria-label", netviz.say("One frame back"));
    on.setAttribute("aria-label", netviz.say("One frame on"));
    for (const one of [back, on]) one.classList.add("nv-ltr"); // these marks would turn with the page
    this.controls(this.player, back, on, this.slider);
    this.show(0);
    this.settings({ step: this.slider });
  }

  show(frame) {
    const { frames, units, width, height, chart } = this.config;
    this.frame = frame;
    this.slider.value = frame;
    const { step, accuracy, loss } = frames[frame];
    const said = netviz.say("step {step}: accuracy {accuracy}, loss {loss}", { step, accuracy: netviz.share(accuracy), loss: netviz.number(loss, 2) });
    this.slider.setAttribute("aria-valuetext", said);
    this.when.textContent = said;
    this.tiles.forEach((tile, unit) => netviz.paintTile(tile.firstChild, this.picture, frame * units + unit, { width, height, columns: units }));
    const x = (chart.width * frame) / Math.max(1, frames.length - 1);
    this.querySelector(".now").setAttribute("d", `M${x},-4V${chart.height + 4}`);
  }

  play() {
    if (this.frame >= this.config.frames.length - 1) this.show(0);
    this.player.textContent = netviz.say("Pause");
    this.timer = setInterval(() => {
      this.show(this.frame + 1);
      if (this.frame >= this.config.frames.length - 1) this.stop();
    }, 220);
    this.tell();
  }

  /** A film that runs says where it begins and where it stops, not every frame between. */
  tell() {
    this.announce(this.when.textContent);
  }

  stop() {
    if (this.timer) this.tell();
    clearInterval(this.timer);
    this.timer = 0;
    this.player.textContent = netviz.say("Play");
  }
});
