/* Picks out one neuron: its connections stay, as thick as their weights are large and dashed where those
 * are negative, the others fade, and a note tells of its weights.
 * Up and down go through a layer, left and right from layer to layer. */
"use strict";
netviz.define("nv-network-diagram", class extends netviz.Figure {
  enhance() {
    this.note = this.querySelector(".note");
    this.rest = netviz.say("Pick a neuron: point, tap, or use the arrow keys.");
    this.note.textContent = this.rest;
    for (const drawing of this.querySelectorAll("svg")) this.prepare(drawing);
    const neurons = ["", ...Object.keys(this.config.notes)];
    const get = () => neurons.indexOf(this.picked?.dataset.neuron || "");
    const set = (k) => {
      const drawing = [...this.querySelectorAll("svg")].find((one) => one.getClientRects().length);
      this.pick(drawing, drawing.querySelector(`[data-neuron="${neurons[k]}"]`));
    };
    this.settings({ neuron: { get, set } });
  }

  prepare(drawing) {
    const layers = [...drawing.querySelectorAll(":scope > g:not(.lines)")].map((layer) => [...layer.querySelectorAll(".neuron")]);
    const all = layers.flat();
    layers.forEach((neurons, layer) => {
      for (const neuron of neurons) {
        neuron.setAttribute("role", "button");
        neuron.setAttribute("tabindex", "-1");
        neuron.setAttribute("aria-label", this.called(neuron.dataset.neuron.split("-")[1], layer, layers.length - 1));
      }
    });
    layers.at(-1)[0].setAttribute("tabindex", "0");
    for (const line of drawing.querySelectorAll(".lines path")) line.style.setProperty("--nv-weight", line.getAttribute("stroke-opacity"));
    netviz.noStop(drawing);
    const neuronOf = (event) => event.target.closest(".neuron");
    drawing.addEventListener("pointerover", (event) => {
      if (event.pointerType === "mouse") this.pick(drawing, neuronOf(event));
    });
    drawing.addEventListener("pointerleave", () => this.pick(drawing, drawing.contains(document.activeElement) ? document.activeElement : null));
    drawing.addEventListener("click", (event) => this.pick(drawing, neuronOf(event)));
    drawing.addEventListener("focusin", (event) => {
      for (const neuron of all) neuron.setAttribute("tabindex", neuron === neuronOf(event) ? "0" : "-1");
      this.pick(drawing, neuronOf(event));
    });
    drawing.addEventListener("focusout", () => this.pick(drawing, null));
    drawing.addEventListener("keydown", (event) => {
      const layer = layers.findIndex((neurons) => neurons.includes(neuronOf(event)));
      const place = layers[layer]?.indexOf(neuronOf(event));
      const next = {
        ArrowUp: () => layers[layer][place - 1],
        ArrowDown: () => layers[layer][place + 1],
        ArrowLeft: () => layers[layer - 1]?.[Math.min(place, layers[layer - 1].length - 1)],
        ArrowRight: () => layers[layer + 1]?.[Math.min(place, layers[layer + 1].length - 1)],
        Home: () => layers[layer][0],
        End: () => layers[layer].at(-1),
      }[event.key];
      if (!next || layer < 0) return;
      event.preventDefault();
      next()?.focus();
    });
  }

  called(unit, layer, last) {
    if (layer === last) return netviz.say("The output for {class}", { class: this.config.classes[unit] });
    const number = String(Number(unit) + 1); // an index, without marks of thousands
    return layer ? netviz.say("Hidden unit {number}", { number }) : netviz.say("Input {number}", { number });
  }

  pick(drawing, neuron) {
    if (neuron === this.picked) return;
    this.picked = neuron;
    drawing.classList.toggle("picking", Boolean(neuron));
    const id = neuron?.dataset.neuron;
    for (const one of drawing.querySelectorAll(".chosen")) one.classList.remove("chosen");
    for (const line of drawing.querySelectorAll(".lines path")) {
      line.classList.toggle("own", Boolean(id) && (line.dataset.from === id || line.dataset.to === id));
    }
    neuron?.classList.add("chosen");
    this.note.textContent = id ? this.config.notes[id] : this.rest;
  }
});
