/* Questions to a page, and what a reader does there, that any browser can be asked alike. What they return
 * can be written as JSON. questions.py hands them to a page. */
({
  // Reads the page to its end, a screen at a time, as long as it takes to paint each.
  readOn: async () => {
    const painted = () => new Promise((next) => { requestAnimationFrame(() => requestAnimationFrame(next)); });
    for (let top = 0; top < document.documentElement.scrollHeight; top += 0.9 * innerHeight) {
      scrollTo({ top, behavior: "instant" });
      await painted();
    }
    return true;
  },

  // The colours that a saved drawing has, once it is painted, where the page shows the marks of one line.
  drawnMarks: async () => {
    const figure = document.querySelector("#fig-width");
    const address = URL.createObjectURL;
    const saved = new Promise((keep) => {
      URL.createObjectURL = (blob) => { keep(blob); return address.call(URL, blob); };
    });
    figure.querySelector(".nv-picture[value=drawing]").click();
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await (await saved).text())}`;
    await image.decode();
    const brush = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height }).getContext("2d", { willReadFrequently: true });
    brush.drawImage(image, 0, 0);
    figure.classList.add("nv-taken"); // as the drawing was made: where each mark was then
    const box = figure.querySelector("nv-width-and-depth").getBoundingClientRect();
    const margin = 16; // as in js/late/drawing.js
    return [...figure.querySelectorAll(".mark.wide circle")].map((mark) => {
      const { left, top, width, height } = mark.getBoundingClientRect();
      const [x, y] = [left + width / 2 - box.left, top + height / 2 - box.top];
      return [...brush.getImageData(x + margin, y + margin, 1, 1).data];
    });
  },

  // Where each figure stands, in pixels.
  figures: () => Object.fromEntries([...document.querySelectorAll(".nv-figure")].map((figure) => {
    const { left, width, height } = figure.getBoundingClientRect();
    return [figure.id, { left, width, height }];
  })),

  // Whether every figure has woken.
  awake: () => [...document.querySelectorAll('.nv-figure > *')].every((e) => !e.wake || e.awake),

  // The pictures that a reader would see by now, had they been loaded. Those get some time to come.
  undrawn: async () => {
    const seen = (e) => e.checkVisibility({ visibilityProperty: true });
    const missing = () => [...document.images].filter((e) => seen(e) && !(e.complete && e.naturalWidth));
    for (let waits = 0; waits < 60 && missing().length; waits += 1) await new Promise((later) => { setTimeout(later, 50); });
    return missing().map((e) => `${e.closest("figure")?.id} “${e.alt}”: ${e.getAttribute("src").slice(0, 80)}`);
  },

  // The pictures whose size neither their markup nor the style of tiles gives before they are loaded.
  sizeless: () => [...document.images]
    .filter((e) => !(e.hasAttribute("width") && e.hasAttribute("height")) && !e.parentElement.matches(".nv-tile"))
    .map((e) => `${e.closest("figure")?.id} “${e.alt}”`),

  // Texts of drawings with a part of another size, such as an index, that are not simply set on
  // their line: WebKit centres each part by itself, or none, where others centre all.
  misaligned: () => [...document.querySelectorAll("svg text:has(tspan)")]
    .filter((text) => getComputedStyle(text).dominantBaseline !== "auto")
    .map((text) => `${text.closest("figure").id} “${text.textContent}”`),

  // The box of each picture, in pixels from its figure's left and top edges.
  pictureBoxes: () => [...document.images].filter((e) => e.checkVisibility()).map((e) => {
    const [box, around] = [e, e.closest("figure")].map((one) => one.getBoundingClientRect());
    return [box.left - around.left, box.top - around.top, box.width, box.height].map((side) => Math.round(10 * side) / 10);
  }),

  // Touches the first element that fits in its middle: what a finger's tap sends, in its order.
  tap: (selector) => {
    const one = document.querySelector(selector);
    one.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, top, width, height } = one.getBoundingClientRect();
    const [clientX, clientY] = [left + width / 2, top + height / 2];
    const hit = document.elementFromPoint(clientX, clientY);
    const at = { bubbles: true, cancelable: true, composed: true, clientX, clientY, view: window };
    const finger = { ...at, pointerId: 2, pointerType: "touch", isPrimary: true };
    for (const kind of ["over", "enter", "down", "up", "out", "leave"]) hit.dispatchEvent(new PointerEvent(`pointer${kind}`, { ...finger, bubbles: !/enter|leave/.test(kind) }));
    hit.closest("button, select, input, [tabindex]")?.focus({ preventScroll: true });
    hit.dispatchEvent(new PointerEvent("click", finger));
    return one.contains(hit);
  },

  // What reaches beyond the window or is cut off, unless it scrolls or is for screen readers alone.
  outOfSight: () => {
    const named = (e) => `${e.closest("[data-figure]")?.dataset.figure || ""} ${e.localName}.${e.getAttribute("class") || ""} “${e.textContent.trim().slice(0, 30)}”`;
    const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".nv-hidden, .nv-finding, .nv-tile, .nv-skip, math");
    const scrolls = (e) => { for (let p = e; p; p = p.parentElement) if (["auto", "scroll"].includes(getComputedStyle(p).overflowX)) return true; return false; };
    const found = [];
    for (const e of document.body.querySelectorAll("*")) {
      if (!seen(e) || scrolls(e)) continue;
      const box = e.getBoundingClientRect();
      if (box.width && (box.left < -1 || box.right > document.documentElement.clientWidth + 1)) found.push(`beyond the window: ${named(e)}`);
      if (["hidden", "clip"].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1 && e.textContent.trim()) found.push(`cut off: ${named(e)}`);
    }
    return found;
  },

  // Controls and texts of one figure that lie on one another.
  overlapping: () => {
    const found = [];
    for (const figure of document.querySelectorAll(".nv-figure, body > :not(main)")) {
      const all = [...figure.querySelectorAll("button, select, input, p, figcaption, summary, svg text")];
      if (figure.matches(".nv-theme")) all.push(figure, ...document.querySelectorAll(".nv-sample-banner :is(strong), .nv-pages a, h1"));
      const parts = all.filter((e) => e.checkVisibility({ visibilityProperty: true }) && (e.textContent.trim() || e.localName === "input") && !e.closest(".nv-hidden, .nv-finding, nv-feature-space svg, .nv-shelf, noscript"));
      const boxes = parts.map((e) => e.getBoundingClientRect());
      for (let i = 0; i < parts.length; i += 1) for (let j = i + 1; j < parts.length; j += 1) {
        if (parts[i].contains(parts[j]) || parts[j].contains(parts[i])) continue;
        const [a, b] = [boxes[i], boxes[j]];
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // The box of a letter is higher than its ink.
        if (across > 2 && down > 0.35 * Math.min(a.height, b.height)) found.push(`${figure.id || figure.className}: ${[parts[i], parts[j]].map((e) => `${e.localName} “${e.textContent.trim().slice(0, 20)}”`).join(" on ")}`);
      }
    }
    return found;
  },

  // Numbers whose sign does not stand before them, or whose percent sign does not stand behind them.
  scrambled: () => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    const at = (node, place) => { const range = document.createRange(); range.setStart(node, place); range.setEnd(node, place + 1); return range.getBoundingClientRect(); };
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (!node.parentElement.checkVisibility({ visibilityProperty: true }) || node.parentElement.closest("option, math")) continue;
      for (const { index, 0: { length } } of node.data.matchAll(/(?<![\p{L}\d] ?)[+−]\d|\d%/gu)) {
        const [first, second] = [at(node, index), at(node, index + length - 1)];
        if (first.width && first.left > second.left && Math.abs(first.top - second.top) < 3) found.push(`${node.data.slice(Math.max(0, index - 20), index + 12)} in ${node.parentElement.localName}.${node.parentElement.className}`);
      }
    }
    return found;
  },

  // Where everything lies in each drawing and picture, in pixels from its left edge.
  drawn: () => [...document.querySelectorAll(".nv-figure svg, .nv-figure .nv-tile")].map((drawing) => {
    const { left } = drawing.getBoundingClientRect();
    return [...drawing.querySelectorAll("path, rect, circle, img, canvas")].map((e) => e.getBoundingClientRect()).filter((box) => box.width).map((box) => Math.round(box.left - left));
  }),

  // Use all buttons, lists and sliders of every figure, the way that a click or a key would.
  useAll: async () => {
    const used = {};
    for (const figure of document.querySelectorAll(".nv-figure")) {
      figure.scrollIntoView({ behavior: "instant" });
      const word = figure.dataset.figure;
      const did = (what) => { used[word] = [...(used[word] || []), what]; };
      const done = new Set();
      for (let round = 0; round < 2; round += 1) { // a control may bring others
        for (const button of [...figure.querySelectorAll("button")].slice(0, 14)) {
          if (done.has(button) || button.disabled || !button.checkVisibility()) continue;
          done.add(button);
          button.click();
          did("button");
        }
        for (const select of figure.querySelectorAll("select")) {
          if (done.has(select) || !select.checkVisibility()) continue;
          done.add(select);
          for (const option of [...select.options].slice(0, 3)) {
            select.value = option.value;
            select.dispatchEvent(new Event("change", { bubbles: true }));
          }
          did("select");
        }
        for (const slider of figure.querySelectorAll("input[type=range]")) {
          slider.value = Number(slider.min) + 1;
          slider.dispatchEvent(new Event("input", { bubbles: true }));
          did("slider");
        }
        for (const place of [...figure.querySelectorAll(".cell, .unit, .mark, canvas[tabindex], .neuron, svg text[tabindex]")].slice(0, 4)) {
          place.focus();
          did("place");
        }
        await new Promise((later) => { setTimeout(later, 150); });
      }
    }
    return used;
  },
})
