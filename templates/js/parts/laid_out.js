/* A long page is laid out as far as the reader comes near (css/03-layout.css), so that it answers at once.
 * A reader who leaps to some place finds all of it laid out, since the place would move as what is
 * above it takes its true height. */
"use strict";
addEventListener("DOMContentLoaded", () => {
  const layOut = (block) => {
    block.classList.add("nv-laid-out");
    near.unobserve(block);
  };
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) layOut(target);
  }, { rootMargin: "100% 0px" });
  const waiting = document.querySelectorAll("main.nv-essay > *");
  const layOutAll = () => waiting.forEach(layOut);

  /** Load the fonts of what waits, of which the browser knows nothing yet: a formula changes its width with them. */
  const loadFonts = () => {
    const { fontFamily } = getComputedStyle(document.body);
    const fonts = { em: `italic 1em ${fontFamily}`, math: '1em "STIX Two Math"' };
    for (const [kind, font] of Object.entries(fonts)) {
      if (document.querySelector(`main ${kind}`)) document.fonts.load(font).catch(() => {}); // another stands in
    }
  };

  for (const block of waiting) near.observe(block);
  loadFonts();
  const isFresh = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (location.hash || !isFresh) layOutAll(); // the browser goes to where the reader was, or wants to be
  addEventListener("click", ({ target }) => { if (target.closest?.("a[href*='#']")) layOutAll(); }, true);
  addEventListener("hashchange", () => {
    layOutAll();
    document.querySelector(":target")?.scrollIntoView({ behavior: "instant" });
  });
});
