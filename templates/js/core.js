/* The page's core: figures that wake when the reader comes near, and data that loads late.
 *
 * netviz.define(tag, class)      registers a figure: a class that extends netviz.Figure
 * netviz.Figure                  its enhance() is called once, near the viewport; this.config is the
 *                                element's data-config
 * this.controls(...children)     puts children into the bar of controls at the figure's top
 * this.announce(text)            tells screen readers of a change
 * this.settings({name: control, …})   says by which control each setting of the figure's state is set (parts/states.js)
 * this.fail(error)               says in the figure's place what went wrong, with a way to try again
 * netviz.load(url)               a promise of the late data in a script; each URL loads once
 * netviz.part(name)              a promise of what a part of the script that few readers need (js/late) delivers
 * netviz.late                    the file of each such part, which the build writes at the script's end
 * netviz.deliver(name, value)    called by those scripts
 * netviz.Unloaded                the error of what could not be loaded; its message is for readers
 * netviz.link(path)              the attributes of a link to a file of the site
 * netviz.el(tag, attributes, ...children)   an element; `on…` attributes are listeners
 * netviz.choice(label, options, selected, pick)   a row of buttons of which one is pressed; pick(value, text)
 * netviz.select(label, options, selected, pick)   a labelled <select>
 * netviz.button(text, press)     a button; press() when it is pressed
 * netviz.still                   the media query of readers who want no motion: netviz.still.matches
 */
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  const waiting = new Map();
  const promises = new Map();
  const fileName = (url) => url.slice(url.lastIndexOf("/") + 1);
  const beside = document.currentScript?.src; // the parts of the script that come late

  /** A promise of what the script at `url` delivers under `name`; it can be asked for again where that fails. */
  const delivered = (name, url, saidIfNot) => {
    promises.set(name, new Promise((resolve, reject) => {
      waiting.set(name, resolve);
      const script = netviz.el("script", { src: url });
      script.onerror = () => {
        promises.delete(name);
        script.remove();
        reject(new netviz.Unloaded(saidIfNot()));
      };
      document.head.append(script);
    }));
    return promises.get(name);
  };

  /* A page that is one file holds others (publishing/one_file/blocks.py): late data and pictures in blocks that
   * nothing executes, downloads in links. Elsewhere there are none. */
  const held = new Map([...document.querySelectorAll("script[data-file], a[data-file]")].map((holder) => [holder.dataset.file, holder]));
  const loadHeld = async (url) => JSON.parse(held.get(url).text);
  const pictureHeld = (_, value) => (held.get(value)?.type === "text/plain" ? held.get(value).text : value);

  const netviz = {
    Unloaded: class extends Error {},

    late: {},

    deliver(name, value) {
      if (!waiting.has(name)) promises.set(name, Promise.resolve(value)); // which a page that is one file holds
      waiting.get(name)?.(value);
    },

    link(path) {
      const holder = held.get(path);
      return holder ? { href: holder.href, download: holder.download } : { href: path };
    },

    load(url) {
      const name = fileName(url);
      if (!promises.has(name) && held.has(url)) promises.set(name, loadHeld(url));
      return promises.get(name) || delivered(name, url, () => netviz.say("The data of this figure could not be loaded."));
    },

    part(name) {
      return promises.get(name) || delivered(name, new URL(netviz.late[name], beside), () => netviz.say("The script for this could not be loaded. Please try again."));
    },

    el(tag, attributes = {}, ...children) {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else if (value === true) element.setAttribute(name, "");
        else if (value !== false && value != null) element.setAttribute(name, value);
      }
      element.append(...children);
      return element;
    },

    button: (text, press) => netviz.el("button", { type: "button", class: "nv-button", onclick: press }, text),

    choice(label, options, selected, pick) {
      const group = netviz.el("div", { class: "nv-choice", role: "group", "aria-label": label }, netviz.el("span", {}, label));
      const press = (value) => {
        for (const button of group.querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === String(value));
      };
      for (const [value, text] of options) {
        group.append(netviz.el("button", { type: "button", value, onclick: () => { press(value); pick(value, text); } }, text));
      }
      press(selected);
      return group;
    },

    select(label, options, selected, pick) {
      const select = netviz.el("select", { class: "nv-select", onchange: () => pick(select.value) });
      for (const [value, text] of options) select.append(netviz.el("option", { value, selected: String(value) === String(selected) }, text));
      return netviz.el("label", { class: "nv-labelled" }, label, select);
    },

    still: matchMedia("(prefers-reduced-motion: reduce)"),
  };

  class Figure extends HTMLElement {
    connectedCallback() {
      if (this.config) return;
      this.config = JSON.parse(this.dataset.config || "{}", pictureHeld);
      near.observe(this);
    }

    /** Wake the figure, once; what goes wrong is said in its place, with a way to try again. */
    wake() {
      near.unobserve(this);
      this.waking ||= this.#enhanced();
      return this.waking;
    }

    async #enhanced() {
      this.awake = true;
      this.live ||= this.appendChild(netviz.el("p", { class: "nv-hidden", "aria-live": "polite" }));
      try {
        await this.enhance();
      } catch (error) {
        this.fail(error);
      }
    }

    settings(controls) {
      netviz.bindState(this, controls);
    }

    fail(error) {
      const note = netviz.el("p", { class: "nv-failed", role: "alert" }, `${error.message} `,
        netviz.button(netviz.say("Try again"), () => { note.remove(); this.awake = false; this.waking = null; this.wake(); }));
      this.append(note);
      if (!(error instanceof netviz.Unloaded)) throw error;
    }

    /** The place for controls, at the figure's top. */
    controls(...children) {
      const bar = this.querySelector(".nv-controls") || netviz.el("div", { class: "nv-controls nv-js" });
      if (!bar.isConnected) this.prepend(bar);
      bar.append(...children);
      return bar;
    }

    /** Tell screen readers of a change, in a region that they have known since the figure woke. */
    announce(text) {
      this.live.textContent = text;
    }
  }

  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) entry.target.wake();
  }, { rootMargin: "400px 0px" });

  /** A reader who presses Tab may skip a figure that is not awake yet, and with it all its controls. */
  function wakeBeside(place) {
    const figures = [...document.querySelectorAll(".nv-figure > *")].filter((figure) => figure.wake);
    const after = figures.findIndex((figure) => place.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_FOLLOWING);
    for (const figure of after < 0 ? figures.slice(-1) : figures.slice(Math.max(0, after - 1), after + 1)) figure.wake();
  }

  netviz.Figure = Figure;
  netviz.define = (tag, figure) => customElements.define(tag, figure);
  window.netviz = netviz;

  /* --- the reader's choice of light or dark ------------------------------------------------- */
  const remembered = (value) => {
    try {
      if (value) localStorage.setItem("netviz-theme", value);
      return localStorage.getItem("netviz-theme");
    } catch {
      return null;
    }
  };
  const kept = remembered();
  if (kept) root.dataset.theme = kept;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);

  addEventListener("DOMContentLoaded", () => {
    const label = () => (netviz.say(isDark() ? "Light page" : "Dark page"));
    const toggle = document.querySelector(".nv-theme");
    if (toggle) toggle.textContent = label();
    toggle?.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remembered(root.dataset.theme);
      toggle.textContent = label();
      dispatchEvent(new Event("netviz-theme"));
    });
    followContents();
    addEventListener("focusin", (event) => wakeBeside(event.target));
    // What is far from the reader is on paper too, and not every browser loads its pictures for that.
    addEventListener("beforeprint", () => {
      for (const image of document.images) image.loading = "eager";
      for (const figure of document.querySelectorAll(".nv-figure > *")) figure.wake?.();
    });
  });

  /* --- the contents, which follow the reader ------------------------------------------------- */
  function followContents() {
    const contents = document.querySelector(".nv-toc");
    if (!contents) return;
    const details = contents.querySelector("details");
    const wide = matchMedia("(min-width: 106rem)");
    const adapt = () => { details.open = wide.matches; };
    wide.addEventListener("change", adapt);
    adapt();
    const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
    const headings = [...document.querySelectorAll("main h2[id]")];
    const watch = new IntersectionObserver(() => {
      const above = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
      const here = above.at(-1)?.id;
      for (const [id, link] of links) {
        if (id === here) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }, { rootMargin: "0px 0px -66% 0px" });
    for (const heading of headings) watch.observe(heading);
  }
})();
