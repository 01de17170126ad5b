/* Another draw on request, or one class held. */
"use strict";
netviz.define("nv-random-sample", class extends netviz.Figure {
  enhance() {
    const { classes } = this.config;
    this.drawn = 0;
    this.held = "";
    this.guard = netviz.latest();
    this.tiles = [...this.querySelectorAll(".photographs li")];
    const held = netviz.select(netviz.say("Hold a class"), [["", netviz.say("all classes")], ...classes.map((name, k) => [k, netviz.named(name)])], "", (value) => { this.held = value; this.show(); });
    this.controls(netviz.button(netviz.say("Another draw"), () => { this.drawn += 1; this.show(); }), held);
    const draw = { get: () => this.drawn % this.config.sheets.length, set: (k) => { this.drawn = k; return this.show(); } };
    this.settings({ draw, class: held });
  }

  async show() {
    const { classes, sheets, held } = this.config;
    const mine = this.guard();
    const sheet = this.held === "" ? sheets[this.drawn % sheets.length] : held[this.held];
    // One class has one strip: another draw turns it round, so that new faces come first.
    const turn = this.held === "" ? 0 : (this.drawn * 7) % sheet.labels.length;
    await netviz.picture(sheet.src);
    if (!mine()) return;
    this.tiles.forEach((tile, place) => {
      tile.hidden = place >= sheet.labels.length;
      if (tile.hidden) return;
      const slot = (place + turn) % sheet.labels.length;
      const picture = tile.querySelector("img");
      picture.src = sheet.src;
      picture.alt = "";
      picture.parentElement.className = `nv-tile nv-i-${slot}`;
      tile.querySelector(".name").textContent = netviz.named(classes[sheet.labels[slot]]);
    });
    this.announce(this.held === ""
      ? netviz.say("Draw {number} of {count}", { number: (this.drawn % sheets.length) + 1, count: sheets.length })
      : netviz.say("Images of {class}", { class: classes[this.held] }));
  }
});
