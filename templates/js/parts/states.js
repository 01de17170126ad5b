/* What a reader has set in a figure: in the page's address, in links of the text, and as a link to copy.
 *
 * A state is a text such as "cell=2-8&images=random"; a figure's `data-states` lists its settings and their
 * values (figures/states.py). At the end of enhance(), `this.settings({name: control, …})` says what sets
 * each: a select, a choice or a slider with the values in their order, a grid, or {get, set} with the
 * number of the value (of a setting with many values, a list of numbers). A setting without a control
 * lights the elements of the figure that have its value, as those with data-part="hole" for part=hole.
 *
 * netviz.stateOf(figure)   the state of a figure's element; "" where it is as it opened
 * netviz.setState(figure, state)   a promise: the figure is in this state, all else as it opened
 * netviz.bindState(figure, controls)   what this.settings(controls) does
 */
"use strict";
(() => {
  const expanded = (list) => list.flatMap((value) => {
    const [first, last] = value.split("~").map(Number);
    return value.includes("~") ? Array.from({ length: last - first + 1 }, (_, k) => String(first + k)) : [value];
  });
  const product = (lists) => lists.map(expanded).reduce((found, list) => found.flatMap((one) => list.map((value) => `${one}-${value}`)));
  const alike = (one, other) => String(one) === String(other);

  /** How a control is read and set, by the number of its value. */
  function adapted(control) {
    if (control.reach) return { get: () => control.current, set: (k) => control.reach(k) };
    if (control.get) return control;
    const inner = control.querySelector("select, input") || control;
    const send = (kind) => { inner.dispatchEvent(new Event(kind)); };
    if (inner.matches("select")) return { get: () => inner.selectedIndex, set: (k) => { inner.selectedIndex = k; send("change"); } };
    if (inner.matches("input")) return { get: () => inner.value - inner.min, set: (k) => { inner.value = Number(inner.min) + k; send("input"); } };
    const buttons = [...inner.querySelectorAll("button")];
    return { get: () => buttons.findIndex((button) => button.getAttribute("aria-pressed") === "true"), set: (k) => buttons[k].click() };
  }

  function lights(figure, name, values) {
    let now = 0;
    return {
      get: () => now,
      set: (k) => {
        now = k;
        for (const part of figure.querySelectorAll(`[data-${name}]`)) part.toggleAttribute("data-lit", part.dataset[name] === values[k]);
      },
    };
  }

  const known = new WeakMap(); // the settings of each figure that is awake
  const last = new WeakMap(); // the state that was last seen of it
  const turns = new WeakMap(); // its states are shown one after the other
  let settling = 0; // while a state is being shown, what changes is not the reader's doing

  netviz.bindState = (figure, controls) => {
    const declared = JSON.parse(figure.parentElement.dataset.states || "[]");
    known.set(figure, declared.map(({ name, of, many }) => {
      const values = product(of);
      const control = adapted(controls[name] || lights(figure, name, values));
      return { name, many, values, ...control, opening: control.get() };
    }));
    last.set(figure, "");
  };

  netviz.stateOf = (figure) => (known.get(figure) || []).flatMap(({ name, many, values, get, opening }) => {
    const now = get();
    const value = many ? now.map((k) => values[k]).join(",") : values[now];
    return alike(now, opening) || !value ? [] : [`${name}=${value}`];
  }).join("&");

  netviz.setState = (figure, state) => {
    const turn = (turns.get(figure) || Promise.resolve()).then(() => enter(figure, state));
    turns.set(figure, turn.catch(() => {}));
    return turn;
  };

  async function enter(figure, state) {
    await figure.wake();
    const wanted = new Map(state.split("&").map((part) => part.split("=")));
    const settings = (known.get(figure) || []).map((setting) => {
      const found = (wanted.get(setting.name) ?? "").split(",").map((value) => setting.values.indexOf(value));
      return { ...setting, isAsked: !found.includes(-1), value: setting.many ? found : found[0] };
    });
    const put = async (setting, value) => { if (!alike(setting.get(), value)) await setting.set(value); };
    settling += 1;
    try {
      // One may follow from another, as a class from its image: first back to the opening, then on.
      for (const setting of settings) if (!setting.isAsked) await put(setting, setting.opening);
      for (const setting of settings) if (setting.isAsked) await put(setting, setting.value);
    } finally {
      settling -= 1;
    }
    last.set(figure, netviz.stateOf(figure));
    renewLink(figure);
  }

  /* --- addresses -------------------------------------------------------------------------------- */
  const inside = (box) => [...(box?.children || [])].find((child) => child.wake);
  const hashOf = (figure) => [`#${figure.parentElement.id}`, netviz.stateOf(figure)].filter(Boolean).join("?");
  const linkOf = (figure) => figure.parentElement.querySelector(".nv-state-link");
  const renewLink = (figure) => figure && linkOf(figure)?.setAttribute("href", hashOf(figure));

  /** The figure that an address shows something in, and its state. */
  function target(hash) {
    const [, id, state] = /^#(fig-[^?]+)\?(.+)$/.exec(decoded(hash)) || [];
    const figure = id && inside(document.getElementById(id));
    return figure ? { figure, state } : null;
  }

  function decoded(hash) {
    try {
      return decodeURIComponent(hash);
    } catch {
      return "";
    }
  }

  function replace(hash) {
    try {
      history.replaceState(history.state, "", hash);
    } catch { /* A page in a frame may have no address of its own. */ }
  }

  async function showAddressed() {
    const found = target(location.hash);
    if (!found) return;
    // What the text links to has a place of its own, to which the browser goes by itself.
    const goes = !document.getElementById(decoded(location.hash).slice(1));
    const go = () => { if (goes) found.figure.parentElement.scrollIntoView({ behavior: "instant" }); };
    go();
    await netviz.setState(found.figure, found.state);
    go(); // figures above may have grown as they woke
  }
  addEventListener("DOMContentLoaded", showAddressed);
  addEventListener("hashchange", showAddressed);

  // What the reader does on purpose goes into the address; what a passing pointer lights does not.
  for (const kind of ["click", "change", "keyup"]) {
    addEventListener(kind, ({ target: place }) => {
      const figure = inside(place.closest?.(".nv-figure"));
      if (settling || !known.has(figure) || netviz.stateOf(figure) === last.get(figure)) return;
      last.set(figure, netviz.stateOf(figure));
      renewLink(figure);
      replace(hashOf(figure));
    });
  }

  /* --- links ------------------------------------------------------------------------------------ */
  let before = null; // what a figure showed before the pointer came to a link
  const shownBy = (event) => event.target.closest?.("a.nv-shows");

  addEventListener("pointerover", (event) => {
    const link = event.pointerType === "mouse" ? shownBy(event) : null;
    if (before && before.link !== link) netviz.setState(before.figure, before.state);
    if (before?.link === link) return;
    before = null;
    const found = link && target(link.hash);
    if (!found) return;
    const { top, bottom } = found.figure.getBoundingClientRect();
    if (top > 0.8 * innerHeight || bottom < 0.2 * innerHeight) return;
    before = { link, figure: found.figure, state: netviz.stateOf(found.figure) };
    netviz.setState(found.figure, found.state);
  });

  addEventListener("click", (event) => {
    const link = shownBy(event);
    const found = link && target(link.hash);
    if (!found || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    before = null;
    netviz.setState(found.figure, found.state);
    const { top, bottom } = found.figure.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) return; // the browser goes there
    event.preventDefault();
    if (link.hash !== location.hash) history.pushState(null, "", link.hash);
  });

  const ofCopying = (event) => event.target.closest?.(".nv-state-link");
  for (const kind of ["pointerover", "focusin"]) addEventListener(kind, (event) => { if (ofCopying(event)) renewLink(inside(ofCopying(event).closest(".nv-figure"))); });
  addEventListener("click", async (event) => {
    const link = ofCopying(event);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const figure = inside(link.closest(".nv-figure"));
    await figure?.wake();
    renewLink(figure);
    replace(link.hash);
    const isCopied = await navigator.clipboard?.writeText(link.href).then(() => true, () => false);
    const said = netviz.say(isCopied ? "Link copied." : "The link is in the address bar.");
    netviz.tip.show(link, said);
    figure?.announce(said);
    setTimeout(netviz.tip.hide, 3000);
  });
})();
