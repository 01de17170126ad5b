/* A catalogue that has every text and puts marks around it, but not around its places, and a watch over what
 * scripts write into figures: `leftInEnglish` holds texts with words, or English numbers, outside of marks. */
addEventListener("DOMContentLoaded", () => {
  const marked = (_, key) => key.split(/(\{\w+\})/).map((part, k) => (k % 2 || !part ? part : `⟦${part}⟧`)).join("");
  const has = (_, key) => ({ configurable: true, enumerable: true, value: marked(_, key) });
  const text = new Proxy({}, { get: marked, getOwnPropertyDescriptor: has });
  const number = (written) => written.replace(/(\d)[.](\d)/g, "$1·$2").replace("%", "٪");
  netviz.speech = { text, counted: {}, plurals: {}, number, inItsDirection: (one) => one, foreign: (one) => one };
  const spoken = ["alt", "aria-label", "aria-valuetext", "title", "data-tip"];
  const bare = (one) => {
    const less = one.replace(/⟦[^⟦⟧]*⟧/g, "");
    return less === one ? one : bare(less);
  };
  const known = new Set();
  const each = (node, use) => {
    if (node.nodeType === Node.TEXT_NODE) use(node.data.trim());
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of spoken) if (node.hasAttribute(name)) use(node.getAttribute(name).trim());
    for (const child of node.childNodes) each(child, use);
  };
  each(document.body, (one) => known.add(one));
  window.leftInEnglish = new Set();
  const check = (one) => {
    if (!known.has(one) && /\p{L}{2}|\d[.]\d|\d%/u.test(bare(one))) leftInEnglish.add(one);
  };
  new MutationObserver((changes) => {
    for (const { type, target, attributeName, addedNodes } of changes) {
      if (!(target.closest ? target : target.parentElement)?.closest(".nv-figure")) continue;
      if (type === "characterData") check(target.data.trim());
      else if (type === "attributes") check(target.getAttribute(attributeName) || "");
      else for (const node of addedNodes) each(node, check);
    }
  }).observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: spoken,
  });
});
