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
      const many = listed < total ? `${listed} of ${total.toLocaleString("en")}` : `all ${total}`;
      this.opener = netviz.button(`Browse ${many} mistakes`, async () => {
        await this.load();
        this.place.querySelector("select")?.focus({ preventScroll: true });
      });
      this.place.append(this.opener);
      const options = [["", "any"], ...this.config.classes.map((name, k) => [k, name])];
      this.wanted = { actual: "", read: "" };
      this.page = 0;
      const choose = (what) => (value) => { this.wanted[what] = value; this.page = 0; this.show(); };
      this.selects = { actual: netviz.select("Really", options, "", choose("actual")), read: netviz.select("Read as", options, "", choose("read")) };
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
      this.back = netviz.button("Earlier", turn(-1));
      this.more = netviz.button("Next", turn(1));
      this.list = netviz.el("ul", { class: "all" });
      this.place.append(
        netviz.el("div", { class: "nv-controls" }, this.selects.actual, this.selects.read, this.back, this.more),
        this.said, this.list);
      this.show();
    }

    async show() {
      const { classes, total, listed, sheets, each, width, height } = this.config;
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
      const part = listed < total ? ` Of all ${total.toLocaleString("en")}, ${listed} can be browsed, evenly from the surest to the least sure.` : "";
      this.said.textContent = found.length
        ? `${this.page * PAGE + 1} to ${this.page * PAGE + shown.length} of ${found.length}, the surest first; below each what it is, what it was read as, and how surely.${part}`
        : `No such mistake${part && " among these"}.${part}`;
      this.list.replaceChildren(...shown.map((place, k) => {
        const [actual, read, slot, share] = this.mistakes[place];
        const frame = netviz.tile(`${classes[actual]} read as ${classes[read]}`);
        netviz.paintTile(frame.firstChild, pictures[k], slot, { width, height, columns: sheets[Math.floor(place / each)][1] });
        return netviz.el("li", {}, frame, netviz.el("b", { class: "right" }, classes[actual]), netviz.el("span", { class: "to" }, " → "), netviz.el("b", { class: "wrong" }, classes[read]), ` ${netviz.percent(share / 1000)}`);
      }));
    }
  });
}
