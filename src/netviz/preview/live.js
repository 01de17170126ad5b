/* Keeps an open page in step with the essay while it is being written; only `netviz serve` adds it.
 *
 * The server says when the site has changed. The page then fetches itself again and changes only
 * what differs between the two sources, so that the place in the text and the state of every figure
 * that stayed the same are kept. Where that cannot be done it reloads, and scrolls to where it was.
 *
 * To read all of a long page takes longer than to build it. So where the two sources differ within
 * one element, or only above the body, no more than that is read.
 */
"use strict";
(() => {
  const SCROLL = `netviz scroll ${location.pathname}`;
  const own = document.currentScript;
  let version = own.dataset.version;
  let source = null; // the page as it was served, before any script changed it: its text, and read
  let events = null;
  let updating = Promise.resolve();

  const OWN = /<script\b[^>]*\bdata-version="([^"]*)"[^>]*><\/script>/;

  /* The page as it is served now, without this script. */
  const fetchPage = async () => {
    const html = await (await fetch(location.href, { cache: "no-store" })).text();
    return { text: html.replace(OWN, ""), version: OWN.exec(html)?.[1] };
  };

  /* A page to be read. Its styles become blocks that nobody shows: the policy of the open page would
   * refuse new ones aloud. */
  const STYLE = /<style\b([^>]*)>([^]*?)<\/style>/g;
  const asBlocks = (html) => html.replace(STYLE, '<script type="text/css"$1>$2</script>');
  const parse = (html) => new DOMParser().parseFromString(asBlocks(html), "text/html");

  const reload = () => {
    sessionStorage.setItem(SCROLL, String(scrollY));
    location.reload();
  };

  const restoreScroll = () => {
    const kept = sessionStorage.getItem(SCROLL);
    sessionStorage.removeItem(SCROLL);
    if (kept !== null) scrollTo({ top: Number(kept), behavior: "instant" });
  };

  /* How much two texts or lists have in common at their beginnings and at their ends. */
  const common = (one, other) => {
    const most = Math.min(one.length, other.length);
    let start = 0;
    while (start < most && one[start] === other[start]) start += 1;
    let end = 0;
    while (end < most - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
    return [start, end];
  };

  /* --- styles --- */

  const shown = new WeakMap(); // what a link has come to show, if no longer what it names
  const href = (link) => shown.get(link) ?? link.getAttribute("href");
  const links = (page) => [...page.head.querySelectorAll('link[rel="stylesheet"]')];
  const inPage = (page) => [...page.head.querySelectorAll(page === document ? "style" : 'script[type="text/css"]')];
  const folder = (address) => address.slice(0, address.lastIndexOf("/") + 1);

  /* The rules of a style, as browsers write them. */
  const rulesOf = (css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return [...sheet.cssRules].map((rule) => rule.cssText);
  };

  /* Change the styles within the page, or say that it cannot be done. Their text stays: the policy
   * of the open page allows no other, but the rules of one that it allowed may change. */
  const renewInPage = (next) => {
    const [lives, olds, nexts] = [document, source.page, next].map(inPage);
    if (lives.length !== nexts.length || olds.length !== nexts.length) return false;
    try {
      lives.forEach((live, i) => {
        if (!olds[i].isEqualNode(nexts[i])) changeRules(live.sheet, rulesOf(nexts[i].textContent));
      });
    } catch {
      return false; // as for a rule that is allowed only at the beginning
    }
    return true;
  };

  const renewLinks = async (next) => {
    const now = links(document);
    const wanted = links(next);
    const stays = (link, others) => others.some((other) => href(other) === href(link));
    const gone = now.filter((link) => !stays(link, wanted));
    const fresh = wanted.filter((link) => !stays(link, now));
    if (gone.length === 1 && fresh.length === 1 && (await changeStyle(gone[0], href(fresh[0])))) return;
    for (const link of fresh) {
      const copy = document.importNode(link);
      copy.addEventListener("load", () => gone.splice(0).forEach((old) => old.remove()));
      document.head.append(copy);
    }
  };

  /* Change the rules that differ: of a new sheet, a browser matches all rules again. */
  const changeStyle = async (link, address) => {
    if (folder(href(link)) !== folder(address)) return false; // where its pictures are looked for
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok) return false; // as where a newer build has taken its place
    try {
      changeRules(link.sheet, rulesOf(await answer.text()));
    } catch {
      return false; // as for a rule that is allowed only at the beginning
    }
    shown.set(link, address);
    return true;
  };

  const changeRules = (sheet, nexts) => {
    const olds = [...sheet.cssRules].map((rule) => rule.cssText);
    const [start, end] = common(olds, nexts);
    for (let i = olds.length - end; i > start; i -= 1) sheet.deleteRule(i - 1);
    for (let i = start; i < nexts.length - end; i += 1) sheet.insertRule(nexts[i], i);
  };

  /* Whether `live` still has the children that `old` was served with; scripts may have added more. */
  const corresponds = (live, old) =>
    [...old.childNodes].every((node, i) => live.childNodes[i]?.nodeName === node.nodeName);

  const canChangeInside = (live, old, next) =>
    old.nodeType === Node.ELEMENT_NODE &&
    !old.localName.includes("-") && // a figure's element made its own of what it was served with
    old.cloneNode().isEqualNode(next.cloneNode()) &&
    corresponds(live, old);

  const change = (live, old, next) => {
    if (old.isEqualNode(next)) return;
    if (canChangeInside(live, old, next)) changeChildren(live, old, next);
    else live.replaceWith(document.importNode(next, true));
  };

  const changeChildren = (live, old, next) => {
    const olds = [...old.childNodes];
    const nexts = [...next.childNodes];
    const lives = [...live.childNodes].slice(0, olds.length);
    const same = (one, other) => one && other && one.isEqualNode(other);
    while (same(olds[0], nexts[0])) [olds, nexts, lives].forEach((list) => list.shift());
    let end = lives.at(-1)?.nextSibling ?? live.childNodes[old.childNodes.length] ?? null;
    while (same(olds.at(-1), nexts.at(-1))) {
      end = lives.at(-1);
      [olds, nexts, lives].forEach((list) => list.pop());
    }
    if (olds.length === nexts.length) {
      olds.forEach((node, i) => change(lives[i], node, nexts[i]));
      return;
    }
    changeList(live, { lives, olds, nexts, end });
  };

  /* Parts came or went: those that stay are found by what they are or by their id, and not moved. */
  const changeList = (live, { lives, olds, nexts, end }) => {
    const find = (node) => {
      const equal = olds.findIndex((old) => old?.isEqualNode(node));
      return equal >= 0 || !node.id ? equal : olds.findIndex((old) => old?.id === node.id);
    };
    const pairs = nexts.map((next) => {
      const i = find(next);
      if (i < 0) return { next };
      const pair = { next, old: olds[i], stays: lives[i] };
      olds[i] = null;
      return pair;
    });
    lives.filter((_, i) => olds[i]).forEach((node) => node.remove());
    let here = lives.find((_, i) => !olds[i]) ?? end;
    for (const { next, old, stays } of pairs) {
      if (stays && stays === here) here = here.nextSibling;
      else live.insertBefore(stays ?? document.importNode(next, true), here);
      if (stays) change(stays, old, next);
    }
  };

  /* --- what differs within one element --- */

  const TRIES = 4; // lines that begin with a tag, on either side of what differs
  const LONG = 50000; // characters, which take as long to read in vain as the page

  /* HTML as a browser writes it: signs by themselves, and no slash where an element has no end. */
  const plain = (html) => html
    .replace(/&#(\d+);/g, (reference, code) => {
      const sign = String.fromCodePoint(code);
      return '<>&"'.includes(sign) ? reference : sign;
    })
    .replace(/ ?\/>/g, ">");

  /* The element that a piece of HTML is; null where it is less, more, or not well-formed. */
  const elementOf = (html) => {
    const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
    const element = content.firstElementChild;
    return content.childNodes.length === 1 && element?.outerHTML === plain(html) ? element : null;
  };

  /* The lines of two sources that hold all that differs, few to many; null is no element. */
  const pieces = function* (before, after) {
    const [start, end] = common(before, after);
    if (before.length - start - end > LONG) return;
    for (let i = 0, from = start + 1; i < TRIES && from > 0; i += 1) {
      from = before.lastIndexOf("\n<", from - 2) + 1;
      for (let k = 0, rest = end + 1; k < TRIES && from > 0; k += 1) {
        const to = before.indexOf("\n<", before.length - rest + 1);
        if (to < 0) break;
        rest = before.length - to;
        yield [elementOf(before.slice(from, to)), elementOf(after.slice(from, after.length - rest))];
      }
    }
  };

  /* The element within which a source differs from the one that was read, as there and as here. */
  const differing = (text) => {
    for (const [old, next] of pieces(source.text, text)) {
      if (!old || old.localName !== next?.localName) continue;
      const alike = [...source.page.body.getElementsByTagName(old.localName)].filter((one) => one.isEqualNode(old));
      return alike.length === 1 ? { old: alike[0], next } : null;
    }
    return null;
  };

  /* What an element that was served has become; null where scripts made their own of its place. */
  const liveOf = (old) => {
    const parent = old.parentElement;
    if (old === source.page.body) return document.body;
    const live = liveOf(parent);
    if (!live || parent.localName.includes("-") || !corresponds(live, parent)) return null;
    return live.childNodes[[...parent.childNodes].indexOf(old)];
  };

  const changeElement = (text) => {
    const found = differing(text);
    const live = found && liveOf(found.old);
    if (!live) return false;
    change(live, found.old, found.next);
    found.old.replaceWith(found.next);
    return true;
  };

  /* --- what differs above the body, and all that differs --- */

  const scripts = (part) => [...part.querySelectorAll("script")].map((script) => script.getAttribute("src")).join("\n");
  const sameRoot = (one, other) => one.documentElement.cloneNode().isEqualNode(other.documentElement.cloneNode());

  const changeHead = async (text) => {
    const [old, now] = [source.text, text].map((one) => one.indexOf("<body"));
    if (source.text.slice(old) !== text.slice(now)) return false;
    const next = parse(text.slice(0, now));
    if (!sameRoot(source.page, next) || scripts(source.page.head) !== scripts(next.head)) return false;
    if (!renewInPage(next)) return false;
    document.title = next.title;
    await renewLinks(next);
    source.page.head.replaceWith(next.head);
    return true;
  };

  const changePage = async (text) => {
    const next = parse(text);
    if (!sameRoot(source.page, next) || scripts(source.page) !== scripts(next)) return false;
    if (!canChangeInside(document.body, source.page.body, next.body)) return false;
    if (!renewInPage(next)) return false;
    document.title = next.title;
    await renewLinks(next);
    changeChildren(document.body, source.page.body, next.body);
    source.page = next;
    return true;
  };

  const update = async () => {
    const { text, version: newer } = await fetchPage();
    const isChanged = source && ((await changeHead(text)) || changeElement(text) || (await changePage(text)));
    if (!isChanged) {
      reload();
      return;
    }
    source.text = text;
    version = newer;
    document.dispatchEvent(new CustomEvent("netviz:renewed"));
  };

  /* --- faults --- */

  const line = (tag, text, style) => {
    const element = document.createElement(tag);
    element.textContent = text;
    Object.assign(element.style, { margin: "0 0 .6rem", font: "inherit", ...style });
    return element;
  };

  const showFault = (fault) => {
    document.getElementById("netviz-fault")?.remove();
    if (!fault) return;
    const panel = document.createElement("div");
    panel.id = "netviz-fault";
    panel.setAttribute("role", "alert");
    Object.assign(panel.style, {
      position: "fixed", inset: "auto 0 0 0", maxHeight: "60vh", overflow: "auto", zIndex: "2147483647",
      padding: "1rem 1.5rem", background: "#2a0f12", color: "#ffe9e6", borderTop: "4px solid #ff6b5e",
      font: "15px/1.5 ui-monospace, monospace", direction: "ltr", textAlign: "left",
    });
    panel.append(line("p", fault.message, { fontWeight: "bold", whiteSpace: "pre-wrap" }));
    if (fault.excerpt) panel.append(line("pre", fault.excerpt, { whiteSpace: "pre", overflowX: "auto" }));
    panel.append(line("p", "This page is the last one that was whole. It goes on when the fault is mended.", {}));
    document.documentElement.append(panel);
  };

  /* --- listening --- */

  const listen = () => {
    if (events || document.hidden) return;
    events = new EventSource("/-/events");
    events.addEventListener("state", (event) => {
      const state = JSON.parse(event.data);
      showFault(state.fault);
      updating = updating
        .then(() => state.version !== version && update())
        .catch(() => {}); // the server was stopped; it says so again when it is back
    });
  };

  // Browsers open only six connections to a server: a page that nobody sees gives its own back.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      events?.close();
      events = null;
    } else listen();
  });
  addEventListener("pagehide", () => events?.close());

  const begin = async () => {
    restoreScroll();
    const served = await fetchPage().catch(() => null);
    if (served?.version === version) source = { text: served.text, page: parse(served.text) };
    listen();
  };
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
})();
