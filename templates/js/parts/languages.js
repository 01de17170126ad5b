/* The page in another language: what figures write in English is said in the page's own.
 *
 * netviz.speak(catalogue)   called at the end of a translated page's script; from then on every text
 *                           and every spoken attribute that a script writes is translated before it
 *                           is painted, by the rules of essay/languages.py
 * netviz.speech             what netviz.say needs of the catalogue; not there on an English page
 * netviz.unsaid             the texts that the catalogue lacks, for those who tend it
 */
"use strict";
netviz.unsaid = new Set();
netviz.speak = ({ text: known, counted, plurals, decimal, thousands, leastGrouped, percent, direction }) => {
  const HOLE = /\{(\w+)\}/g;
  const LETTERS = /\p{L}{2}/u;
  const NUMBER = /(?<![\p{L}\d.,])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?%?|\d+(?:\.\d+)?%|\d+\.\d+/gu;
  const SPOKEN = ["alt", "aria-label", "aria-valuetext", "title", "data-tip"];

  const escaped = (part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const patterns = Object.entries(known).filter(([key]) => key.includes("{"))
    .sort(([a], [b]) => b.replace(HOLE, "").length - a.replace(HOLE, "").length)
    .map(([key, target]) => ({
      pattern: new RegExp(`^${key.split(/\{\w+\}/).map(escaped).join("((?:(?![.:] ).)*?[^\\s.,:;])")}$`, "s"),
      names: [...key.matchAll(HOLE)].map((hole) => hole[1]),
      target,
    }));

  const number = (written) => {
    const bare = written.replace("%", "");
    const mark = bare.split(".")[0].replace(/\D/g, "").length < leastGrouped ? "" : thousands;
    const swapped = bare.replace(/[.,]/g, (point) => (point === "." ? decimal : mark));
    return written.endsWith("%") ? percent.replace("{}", swapped) : swapped;
  };

  // What essay/directions.py does: signed numbers and sums stay whole in a text from right to left.
  const [AMOUNT, PERCENT] = [String.raw`\p{Nd}+(?:[.,]\p{Nd}+)*`, String.raw`(?:\s?[%٪])`];
  const SIGNED = `[+−±]?${AMOUNT}${PERCENT}?`;
  const SUM = new RegExp(`(?:[+−±] )?${SIGNED}(?: [+−×=] ${SIGNED})+|[+−±]${AMOUNT}${PERCENT}?|${AMOUNT}${PERCENT}`, "gu");
  const isRightToLeft = direction === "rtl";
  const inItsDirection = (text) => (isRightToLeft ? text.replace(SUM, "\u2066$&\u2069") : text);

  const memory = new Map();
  netviz.speech = { text: known, counted, plurals, number, inItsDirection, memory }; // for netviz.say

  const translated = (text) => {
    if (!memory.has(text)) memory.set(text, whole(text) ?? piecewise(text));
    return memory.get(text);
  };
  const whole = (text) => {
    if (Object.hasOwn(known, text)) return known[text];
    if (!LETTERS.test(text)) return text.replace(NUMBER, number);
    for (const { pattern, names, target } of patterns) {
      const match = pattern.exec(text);
      const parts = match && inHoles(match.slice(1));
      if (parts) return target.replace(HOLE, (_, name) => parts[names.indexOf(name)]);
    }
    let found = null;
    if (",;:.".includes(text.at(-1))) found = whole(text.slice(0, -1));
    if (found !== null) return found + text.at(-1);
    const lower = text[0].toLowerCase();
    if (lower !== text[0]) found = whole(lower + text.slice(1));
    return found && found[0].toUpperCase() + found.slice(1);
  };
  const inHoles = (parts) => {
    const found = parts.map(translated);
    return parts.some((part, k) => found[k] === null && part.includes(" ")) ? null : parts.map((part, k) => found[k] ?? part);
  };
  const piecewise = (text) => {
    const pieces = text.split(/(?<=[.:;!?,]) /);
    for (let count = pieces.length - 1; count > 0; count -= 1) {
      const head = whole(pieces.slice(0, count).join(" "));
      const tail = head === null ? null : translated(pieces.slice(count).join(" "));
      if (tail !== null) return `${head} ${tail}`;
    }
    return null;
  };

  const spoken = new Set(); // what was said here already may be read again, as where a note shows it
  const said = (text) => {
    const bare = text.trim().replace(/\s+/g, " ");
    if (!bare || spoken.has(bare)) return text;
    const found = translated(bare);
    if (found === null) netviz.unsaid.add(bare);
    if (found === null && !isRightToLeft) return text;
    const shown = inItsDirection(found ?? `\u2068${bare}\u2069`);
    spoken.add(shown);
    return text.match(/^\s*/)[0] + shown + text.match(/\s*$/)[0];
  };

  const ours = new WeakMap(); // what was written here, by node, which must not be read as English
  // Figures that speak by themselves (`netviz.say`) are left alone.
  const speaks = (node) => (node.closest ? node : node.parentElement)?.closest("[data-speaks]");
  const inText = (node) => {
    if (ours.get(node) === node.data) return;
    const found = said(node.data);
    ours.set(node, found);
    if (found !== node.data) node.data = found;
  };
  const inAttribute = (element, name) => {
    const value = element.getAttribute(name);
    const mine = ours.get(element) || {};
    if (value === null || mine[name] === value) return;
    mine[name] = said(value);
    ours.set(element, mine);
    if (mine[name] !== value) element.setAttribute(name, mine[name]);
  };
  const inside = (node) => {
    if (node.nodeType === Node.TEXT_NODE) inText(node);
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches("[data-speaks]")) return;
    for (const name of SPOKEN) inAttribute(node, name);
    for (const child of node.childNodes) inside(child);
  };

  new MutationObserver((changes) => {
    for (const { type, target, attributeName, addedNodes } of changes) {
      if (speaks(target)) continue;
      if (type === "characterData") inText(target);
      else if (type === "attributes") inAttribute(target, attributeName);
      else for (const node of addedNodes) inside(node);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: SPOKEN });
};
