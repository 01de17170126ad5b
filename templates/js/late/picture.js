/* A figure as a picture, which its menu saves as PNG: as the reader has set it, at twice its size.
 *
 * The menu (parts/offer.js) loads this on the first click: netviz.part("picture") is a promise of a function
 * that makes the file of a figure.
 *
 * The figure is copied into an SVG that holds all that it shows: the page's style with its fonts, and
 * its pictures and canvases as data. The SVG has the width of the window, so that styles that ask for
 * that hold in it as well, and the tags around the figure, which take no room. */
"use strict";
(() => {
  const MARGIN = 24; // CSS pixels around the figure
  const SCALE = 2;
  // Nothing draws a canvas in a picture. What takes its place keeps these of its styles, whatever the rules for <canvas>.
  const KEPT = ["display", "position", "inset", "width", "height", "margin", "border", "outline", "opacity", "transform", "image-rendering", "grid-area"];
  const root = document.documentElement;

  const asData = (blob) => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = reject;
    reader.readAsDataURL(blob);
  });

  /** The page's style with its fonts in it; where they cannot be read, those of the system take their place. */
  async function styleText() {
    let css = [...document.querySelectorAll("style")].map((one) => one.textContent).join("\n");
    // No script runs in a picture, but what scripts have made belongs to it.
    css = css.replaceAll("(scripting: enabled)", "(min-width: 0)").replaceAll("(scripting: none)", "(max-width: 0)");
    if (origin === "null") return css;
    for (const [written, address] of css.matchAll(/url\(([^()]+\.woff2)\)/g)) {
      const font = await fetch(address).then((answer) => (answer.ok ? answer.blob().then(asData) : address), () => address);
      css = css.replace(written, `url(${font})`);
    }
    return css;
  }

  async function loaded(image) {
    image.loading = "eager";
    await image.decode().catch(() => { throw new netviz.Unloaded(netviz.say("A picture of this figure could not be loaded.")); });
  }

  /** A copy of the figure in `inert`, a document that loads and runs nothing, and styles with the pictures that it shows. */
  function copied(box, inert) {
    const copy = inert.importNode(box, true);
    const copies = [...copy.querySelectorAll("*")];
    const rules = new Map();
    [...box.querySelectorAll("*")].forEach((one, place) => {
      const own = copies[place];
      own.removeAttribute("data-config");
      if (one.matches("canvas")) {
        const drawn = inert.createElement("img");
        for (const name of KEPT) drawn.style.setProperty(name, getComputedStyle(one).getPropertyValue(name), "important");
        drawn.style.cssText += "object-fit:fill;object-position:0 0;max-width:none";
        drawn.src = one.toDataURL();
        own.replaceWith(drawn);
      } else if (one.matches("img") && one.getClientRects().length && !one.src.startsWith("data:")) {
        const { src, naturalWidth: width, naturalHeight: height } = one;
        if (!rules.has(src)) {
          const sheet = netviz.el("canvas", { width, height });
          sheet.getContext("2d").drawImage(one, 0, 0);
          // As a page that is one file shares its pictures (publishing/one_file/pictures.py): each is there once.
          rules.set(src, `img[data-shown="${rules.size}"]{background:url(${sheet.toDataURL()}) var(--nv-shown,0 0/100% 100%) no-repeat content-box!important}`);
        }
        own.dataset.shown = [...rules.keys()].indexOf(src);
        own.removeAttribute("loading");
        own.alt = ""; // which Firefox writes where it has not seen yet that the picture is empty
        own.src = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns='http://www.w3.org/2000/svg' width='${width}' height='${height}'/>`)}`;
      }
    });
    return { copy, css: [...rules.values()].join("") };
  }

  /** The figure as the `text` of an SVG `whole` pixels wide; the picture of it is `wide`, from `left` on, and `high`. */
  async function composed(box) {
    await [...box.children].find((child) => child.wake)?.wake();
    await Promise.all([...box.querySelectorAll("img")].filter((one) => one.getClientRects().length).map(loaded));
    const css = await styleText();
    const credit = netviz.el("p", {}, box.querySelector(".nv-offer pre").textContent);
    const inert = document.implementation.createHTMLDocument("");
    box.classList.add("nv-taken"); // until it is measured and copied, before it is ever painted so
    box.querySelector("figcaption").append(credit);
    try {
      const { width, height } = box.getBoundingClientRect();
      const made = copied(box, inert);
      made.copy.style.cssText = `width:${width}px;margin:0`;
      let inner = made.copy;
      const filter = document.querySelector("body > .nv-lift"); // of pictures by sign on a dark page
      for (let around = box.parentElement; around !== root; around = around.parentElement) {
        const shell = inert.importNode(around, false);
        shell.style.setProperty("display", "contents", "important");
        shell.append(inner);
        inner = shell;
      }
      if (filter) inner.append(inert.importNode(filter, true));
      return enclosed(inert, inner, css + made.css, width, height);
    } finally {
      credit.remove();
      box.classList.remove("nv-taken");
    }
  }

  function enclosed(inert, inner, css, width, height) {
    const [wide, high] = [Math.ceil(width) + 2 * MARGIN, Math.ceil(height) + 2 * MARGIN];
    const whole = Math.max(innerWidth, wide);
    const svg = (tag, attributes, ...children) => {
      const made = inert.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      made.append(...children);
      return made;
    };
    const { fontSize, colorScheme } = getComputedStyle(root);
    inner.dir = root.dir;
    const left = (whole - wide) / 2;
    const drawn = svg("svg", { class: root.className, lang: root.lang, dir: root.dir, "data-theme": colorScheme, width: whole, height: high },
      svg("style", {}, css),
      svg("foreignObject", { x: left + MARGIN, y: MARGIN, width, height: height + MARGIN }, inner));
    drawn.style.cssText = `font-size:${fontSize};background:var(--nv-paper)`;
    return { text: new XMLSerializer().serializeToString(drawn), left, whole, wide, high };
  }

  async function painted({ text, left, whole, wide, high }) {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = netviz.el("canvas", { width: SCALE * wide, height: SCALE * high });
    canvas.getContext("2d").drawImage(image, -SCALE * left, 0, SCALE * whole, SCALE * high);
    return new Promise((resolve, reject) => { canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("too large")))); });
  }

  /** The file of a figure. WebKit paints no such SVG that could be read again. */
  async function filed(box) {
    const made = await composed(box);
    try {
      return { file: await painted(made), name: `${box.id}.png` };
    } catch {
      const file = new Blob([made.text], { type: "image/svg+xml" });
      return { file, name: `${box.id}.svg`, remark: netviz.say("This browser makes an SVG of it, no PNG.") };
    }
  }

  const fault = (error) => {
    if (error instanceof netviz.Unloaded) return { remark: error.message };
    if (error.name === "SecurityError") return { remark: netviz.say("A page from the disk, or in a sandboxed frame, may not read its own pictures. It works where the page is published.") };
    return { remark: netviz.say("This browser makes no picture of the figure.") };
  };

  netviz.deliver("picture", (box) => filed(box).catch(fault));
})();
