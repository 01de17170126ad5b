/* A long page is laid out as far as the reader comes near (css/03-layout.css), so that it answers at once.
 * A reader who leaps to some place finds all of it laid out, since the place would move as what is
 * above it takes its true height. */
"use strict";
addEventListener("DOMContentLoaded", () => {
  const layOut = (block) => block.classList.remove("nv-far");
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) layOut(target);
  }, { rootMargin: "100% 0px" });
  const main = document.querySelector("main.nv-essay");
  const waiting = [...(main?.children ?? [])];
  const layOutAll = () => waiting.forEach(layOut);

  /** Load a font of what waits, of which the browser knows nothing yet: a formula changes its width with it. */
  const load = (kind, font) => {
    if (document.querySelector(`main ${kind}`)) document.fonts.load(font).catch(() => {}); // another stands in
  };

  for (const block of waiting) {
    block.classList.add("nv-far");
    near.observe(block);
  }
  main?.classList.add("nv-parted"); // into near and far: what comes later is near
  requestAnimationFrame(() => { // whose style is worked out then in any case
    load("em", `italic 1em ${getComputedStyle(document.body).fontFamily}`);
    load("math", '1em "STIX Two Math"');
  });
  const isFresh = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (location.hash || !isFresh) layOutAll(); // the browser goes to where the reader was, or wants to be
  addEventListener("click", ({ target }) => { if (target.closest?.("a[href*='#']")) layOutAll(); }, true);
  addEventListener("hashchange", () => {
    if (!document.querySelector(".nv-far")) return;
    layOutAll();
    document.querySelector(":target")?.scrollIntoView();
  });
});
