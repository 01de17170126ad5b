/* A figure that is drawn, as an SVG of its own: shapes and letters to be scaled, edited and printed.
 *
 * The menu (parts/offer.js) loads this on the first click: netviz.part("drawing") is a promise of a function
 * that makes the file of a figure. Its drawings and the texts around them are where the page shows them, in the
 * colours of the light page, with all styles written where they hold, and without script. */
"use strict";
(() => {
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const MARGIN = 16; // pixels around all that is drawn
  // What elements take from those around them, and what holds for one alone, with the value that needs no mention.
  const INHERITED = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "paint-order", "visibility", "font-family", "font-size", "font-style", "font-weight", "font-variant-numeric", "text-anchor", "direction"];
  const ALONE = { opacity: "1", display: "inline", "text-decoration-line": "none", "dominant-baseline": "auto" };
  const COLOURS = new Set(["fill", "stroke"]);
  const KEPT = /^(?!data-|aria-|on|class$|id$|style$|role$|tabindex$)/;
  const STOP = /(rgba?\([^)]*\))(?: ([\d.]+)%)?/g;

  /** A colour as every program reads it: browsers also write mixed ones as color(…). */
  function plain(colour) {
    if (!/^(?:color|okl|lab|lch)/.test(colour)) return colour;
    const brush = netviz.el("canvas", { width: 1, height: 1 }).getContext("2d");
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
    return `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
  }

  function made(tag, attributes, ...children) {
    const element = document.createElementNS(NAMESPACE, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const styled = (element, names, style) => {
    for (const name of names) element.style.setProperty(name, COLOURS.has(name) ? plain(style.getPropertyValue(name)) : style.getPropertyValue(name));
  };

  /** A copy of a drawn element with all of its styles; `around` are those of the element around it, if any. */
  function copied(element, around) {
    const style = getComputedStyle(element);
    if (style.display === "none") return "";
    const copy = document.createElementNS(NAMESPACE, element.localName);
    for (const { name, value } of element.attributes) if (KEPT.test(name)) copy.setAttribute(name, value);
    styled(copy, INHERITED.filter((name) => style.getPropertyValue(name) !== around?.getPropertyValue(name)), style);
    styled(copy, Object.keys(ALONE).filter((name) => ![ALONE[name], "block", ""].includes(style.getPropertyValue(name))), style);
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) copy.append(child.data);
      else if (child.nodeType === Node.ELEMENT_NODE) copy.append(copied(child, style));
    }
    return copy;
  }

  const placed = ({ left, top, width, height }) => ({ x: left, y: top, width, height });
  const isSeen = (box) => box.width > 1 && box.height > 1;

  function drawing(svg) {
    const box = svg.getBoundingClientRect();
    const copy = copied(svg);
    for (const [name, value] of Object.entries(placed(box))) copy.setAttribute(name, value);
    copy.style.overflow = "visible";
    return [copy, ...frame(svg, box)];
  }

  /** The border of an element, if it has one. */
  function frame(element, box) {
    const { borderTopWidth: width, borderTopColor: stroke } = getComputedStyle(element);
    return parseFloat(width) ? [made("rect", { ...placed(box), fill: "none", stroke: plain(stroke), "stroke-width": parseFloat(width) })] : [];
  }

  /** The scale of a legend: what its background runs through. */
  function ramp(element, number) {
    const box = element.getBoundingClientRect();
    const colours = [...getComputedStyle(element).backgroundImage.matchAll(STOP)];
    const stops = colours.map(([, colour, percent], k) => made("stop", { offset: percent ? percent / 100 : k / (colours.length - 1), "stop-color": colour }));
    const id = `ramp-${number}`;
    return [made("linearGradient", { id }, ...stops), made("rect", { ...placed(box), fill: `url(#${id})` }), ...frame(element, box)];
  }

  /** The lines of a text, each with its box, as the page broke it. */
  function lines(text) {
    const found = [];
    for (const { 0: word, index } of text.data.matchAll(/\S+\s*/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.trimEnd().length);
      const box = range.getBoundingClientRect();
      const line = found.at(-1);
      if (line && Math.abs(line.top - box.top) < box.height / 2) {
        line.words += ` ${word.trim()}`;
        [line.left, line.right] = [Math.min(line.left, box.left), Math.max(line.right, box.right)];
      } else if (isSeen(box)) {
        found.push({ words: word.trim(), left: box.left, right: box.right, top: box.top, bottom: box.bottom });
      }
    }
    return found;
  }

  function written(text) {
    const style = getComputedStyle(text.parentElement);
    return lines(text).map(({ words, left, right, top, bottom }) => {
      // Where the page's font is missing, another one fits into the same room.
      const line = made("text", { x: style.direction === "rtl" ? right : left, y: (top + bottom) / 2, textLength: right - left, lengthAdjust: "spacingAndGlyphs" }, words);
      line.style.cssText = `fill:${plain(style.color)};dominant-baseline:central`;
      styled(line, ["font-family", "font-size", "font-style", "font-weight", "direction"], style);
      if (style.textDecorationLine !== "none") line.style.textDecorationLine = style.textDecorationLine;
      return line;
    });
  }

  /** All that is drawn or written within an element, and is in sight. */
  function parts(element) {
    return [...element.childNodes].flatMap((child, number) => {
      if (child.nodeType === Node.TEXT_NODE) return written(child);
      if (!child.getBoundingClientRect || !isSeen(child.getBoundingClientRect()) || child.matches("[aria-live], .nv-js, .nv-twin, button, input, label")) return [];
      if (child.matches("svg")) return drawing(child);
      return child.matches(".nv-ramp") ? ramp(child, `${Math.round(child.getBoundingClientRect().left)}-${number}`) : parts(child);
    });
  }

  function whole(figure, shown) {
    const { left, top, width, height } = shown.getBoundingClientRect();
    const [x, y, wide, high] = [left - MARGIN, top - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN];
    const svg = made("svg", { viewBox: `${x} ${y} ${wide} ${high}`, width: wide, height: high },
      made("title", {}, figure.querySelector(".nv-finding").textContent),
      made("desc", {}, figure.querySelector(".nv-offer pre").textContent),
      made("rect", { x, y, width: wide, height: high, fill: plain(getComputedStyle(document.body).backgroundColor) }),
      ...parts(shown));
    return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
  }

  netviz.deliver("drawing", async (figure) => {
    const shown = [...figure.children].find((child) => child.wake);
    await shown.wake();
    const { theme } = document.documentElement.dataset;
    figure.classList.add("nv-taken"); // until it is read, before it is ever painted so
    document.documentElement.dataset.theme = "light";
    try {
      return { file: whole(figure, shown), name: `${figure.id}.svg` };
    } finally {
      figure.classList.remove("nv-taken");
      if (theme) document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
    }
  });
})();
