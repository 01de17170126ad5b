/* Steps: while the text beside a figure scrolls past, each paragraph sets the figure as its first link says.
 *
 * Readers who want no motion, and those without script, have the figure above its paragraphs, and the links.
 */
"use strict";
addEventListener("DOMContentLoaded", () => {
  // The step that counts is the last one to have reached a line: the middle of the window, or on a narrow page
  // that of what the figure leaves free.
  const line = matchMedia("(width < 60rem)").matches ? 0.75 : 0.5;
  for (const block of document.querySelectorAll(".nv-steps")) {
    const figure = [...block.querySelectorAll(".nv-figure > *")].find((one) => one.wake);
    const steps = new Map();
    for (const part of block.children) {
      const link = part.querySelector(`:scope:not(.nv-figure) a[href^="#${figure?.parentElement.id}?"]`);
      if (link) steps.set(part, decodeURIComponent(link.hash.replace(/^[^?]*\?/, "")));
    }
    if (!figure || netviz.still.matches) continue;
    block.classList.add("driven");
    const caption = figure.parentElement.querySelector("figcaption");
    // On a narrow page the caption comes first, and scrolls away.
    new ResizeObserver(() => block.style.setProperty("--nv-caption", `${caption.offsetHeight}px`)).observe(caption);
    const watch = new IntersectionObserver(() => {
      if (!figure.checkVisibility({ contentVisibilityAuto: true })) return; // far away, and not laid out
      const reached = [...steps.keys()].filter((step) => step.getBoundingClientRect().top <= line * innerHeight + 1).at(-1);
      if (!reached || reached.hasAttribute("data-current")) return;
      for (const step of steps.keys()) step.toggleAttribute("data-current", step === reached);
      netviz.setState(figure, steps.get(reached));
    }, { rootMargin: `${-100 * line}% 0px ${-100 * (1 - line)}% 0px` });
    for (const step of steps.keys()) watch.observe(step);
  }
});
