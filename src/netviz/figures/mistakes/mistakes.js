/* All mistakes to browse, page by page, by actual and by predicted class. They are fetched when the
 * reader asks for them. */
"use strict";
{
  const PAGE = 24;

  netviz.define("nv-mistakes", class extends netviz.Figure {
    enhance() {
      if (!this.config.index) return;
      this.place = this.querySelector(".browse");
      this.guard = netviz.latest();
      this.said = netviz.el("p", { class: "said", "aria-live": "polite" });
      const { listed, total } = this.config;
      const opens = listed < total ? netviz.say("Browse {listed} of {total} mistakes", { listed, total }) : netviz.say("Browse all {total} mistakes", { total });
      this.opener = netviz.button(opens, async () => {
        await this.load();
        this.place.querySelector("select")?.focus({ preventScroll: true });
      });
      this.place.append(this.opener);
      const options = [["", netviz.say("any")], ...this.config.classes.map((name, k) => [k, netviz.named(name)])];
      this.wanted = { actual: "", read: "" };
      this.page = 0;
      const choose = (what) => (value) => { this.wanted[what] = value; this.page = 0; this.show(); };
      this.selects = { actual: netviz.select(netviz.say("Really"), options, "", choose("actual")), read: netviz.select(netviz.say("Read as"), options, "", choose("read")) };
      this.settings({ actual: this.opened("actual"), read: this.opened("read") });
    }

    /** A choice among the mistakes, which are loaded before it is made. */
    opened(what) {
      const select = this.selects[what].querySelector("select");
      return {
        get: () => select.selectedIndex,
        set: async (k) => {
          await this.load();
          select.selectedIndex = k;
          select.dispatchEvent(new Event("change"));
        },
      };
    }

    async load() {
      try {
        this.mistakes = (await netviz.load(this.config.index)).mistakes;
      } catch (error) {
        this.place.append(this.said);
        this.said.textContent = error.message;
        return;
      }
      if (!this.opener.isConnected) return;
      this.opener.remove();
      this.open();
    }

    open() {
      const turn = (by) => () => {
        this.page += by;
        this.show();
        // At either end the button that was pressed goes dead, and would take the focus with it.
        if (this.back.disabled) this.more.focus();
        else if (this.more.disabled) this.back.focus();
      };
      this.back = netviz.button(netviz.say("Earlier"), turn(-1));
      this.more = netviz.button(netviz.say("Next"), turn(1));
      this.list = netviz.el("ul", { class: "all" });
      this.place.append(
        netviz.el("div", { class: "nv-controls" }, this.selects.actual, this.selects.read, this.back, this.more),
        this.said, this.list);
      this.show();
    }

    async show() {
      const { classes, sheets, each, width, height } = this.config;
      const mine = this.guard();
      const fits = (wanted, k) => wanted === "" || Number(wanted) === k;
      const found = this.mistakes.flatMap(([actual, read], place) => (fits(this.wanted.actual, actual) && fits(this.wanted.read, read) ? [place] : []));
      const shown = found.slice(this.page * PAGE, (this.page + 1) * PAGE);
      this.back.disabled = !this.page;
      this.more.disabled = (this.page + 1) * PAGE >= found.length;
      let pictures;
      try {
        pictures = await Promise.all(shown.map((place) => netviz.picture(sheets[Math.floor(place / each)][0])));
      } catch (error) {
        if (!mine()) return;
        this.said.textContent = error.message;
        this.list.replaceChildren();
        return;
      }
      if (!mine()) return;
      this.said.textContent = this.told(found.length, shown.length);
      this.list.replaceChildren(...shown.map((place, k) => {
        const [actual, read, slot, share] = this.mistakes[place];
        const frame = netviz.tile(netviz.say("{actual} read as {predicted}", { actual: classes[actual], predicted: classes[read] }));
        netviz.paintTile(frame.firstChild, pictures[k], slot, { width, height, columns: sheets[Math.floor(place / each)][1] });
        return netviz.el("li", {}, frame, netviz.el("b", { class: "right" }, netviz.named(classes[actual])), netviz.el("span", { class: "to" }, " → "), netviz.el("b", { class: "wrong" }, netviz.named(classes[read])), " ", netviz.share(share / 1000));
      }));
    }

    /** What of the `count` mistakes that were found is shown, and which are not among them. */
    told(count, shown) {
      const { total, listed } = this.config;
      const isPart = listed < total;
      const first = this.page * PAGE + 1;
      const found = count
        ? netviz.say("{first} to {last} of {count}, the surest first; below each what it is, what it was read as, and how surely.", { first, last: first + shown - 1, count })
        : isPart ? netviz.say("No such mistake among these.") : netviz.say("No such mistake.");
      return isPart ? `${found} ${netviz.say("Of all {total}, {listed} can be browsed, evenly from the surest to the least sure.", { total, listed })}` : found;
    }
  });
}
